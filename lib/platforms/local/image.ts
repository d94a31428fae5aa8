import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, readdir, rename, rm, stat, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { run } from "./command.js";
import { cacheDirectory, toolchainPath } from "./directories.js";
import { exclusively } from "./exclusive.js";
import { type GoModule, goBuild } from "./go-build.js";
import { type ImageRecipe, imageId, imageModules, imageRecipe } from "./image-recipe.js";

/** A machine image on this host. */
export interface Image {
    /** Hash of its recipe. */
    readonly id: string;
    /** Directory of its root file system, never written to. */
    readonly root: string;
}

type Progress = (message: string) => void;

/** The image of that id, if it was built and is still in the cache. */
export function findImage(id: string): Image | undefined {
    const root = join(imageDirectory(id), "root");
    return existsSync(root) ? { id, root } : undefined;
}

/**
 * The image of today's recipe: from the cache, or built now (about a minute, with downloads).
 *
 * @throws one sentence when a tool is missing or a step of the build fails.
 */
export async function ensureImage(progress: Progress): Promise<Image> {
    const recipe = imageRecipe();
    const id = imageId(recipe);
    const found = findImage(id);
    if (found !== undefined) {
        return found;
    }
    return exclusively(
        `image ${cacheDirectory()}`,
        async () => findImage(id) ?? (await buildImage(id, recipe, progress)),
        () => progress("waiting for another build of the machine image"),
    );
}

function imageDirectory(id: string): string {
    return join(cacheDirectory(), "images", id);
}

async function buildImage(id: string, recipe: ImageRecipe, progress: Progress): Promise<Image> {
    const target = imageDirectory(id);
    await removeLeftovers(dirname(target));
    const temporary = `${target}.tmp-${process.pid}`;
    const root = join(temporary, "root");
    await mkdir(root, { recursive: true });
    try {
        const steps = new Set<string>();
        const step = async <T>(name: string, work: Promise<T>): Promise<T> => {
            steps.add(name);
            const result = await work;
            steps.delete(name);
            if (steps.size > 0) {
                progress(`building the machine image: ${[...steps].join(", ")}`);
            }
            return result;
        };
        const modules = imageModules(recipe);
        const work = Promise.all([
            step("Debian packages", installDebian(root, recipe)),
            ...modules.map((module) =>
                step(
                    module,
                    goBuild(module, () => {}),
                ),
            ),
        ]);
        progress(`building the machine image: ${[...steps].join(", ")}`);
        const [, ...built] = await work;
        await configure(root, recipe);
        for (const [index, module] of modules.entries()) {
            await installPrograms(root, recipe, module, built[index] ?? "");
        }
        await rename(temporary, target);
    } catch (cause) {
        await rm(temporary, { recursive: true, force: true });
        throw cause;
    }
    return { id, root: join(target, "root") };
}

/** Only one build runs at a time, so what another one began is a leftover. */
async function removeLeftovers(images: string): Promise<void> {
    await mkdir(images, { recursive: true });
    for (const name of await readdir(images)) {
        if (name.includes(".tmp-")) {
            await rm(join(images, name), { recursive: true, force: true });
        }
    }
}

/**
 * Runs debootstrap in process and mount namespaces of its own that end with this process: whatever
 * kills it, no process and no mount is left.
 */
async function installDebian(root: string, recipe: ImageRecipe): Promise<void> {
    const packages = join(cacheDirectory(), "packages", recipe.suite);
    await mkdir(packages, { recursive: true });
    await runBoxed([
        "debootstrap",
        "--variant=minbase",
        `--cache-dir=${packages}`,
        `--include=${recipe.packages.join(",")}`,
        recipe.suite,
        root,
        recipe.mirror,
    ]);
}

async function configure(root: string, recipe: ImageRecipe): Promise<void> {
    await copyFiles(toolchainPath("image", "rootfs"), root);
    for (const group of recipe.groups) {
        const id = group.id === undefined ? ["--system"] : ["--gid", String(group.id)];
        await runBoxed(["chroot", root, "groupadd", ...id, group.name]);
    }
    for (const user of recipe.users) {
        const groups = user.groups.length > 0 ? ["--groups", user.groups.join(",")] : [];
        await runBoxed([
            "chroot",
            root,
            "useradd",
            ...["--uid", String(user.id), "--gid", user.group, ...groups],
            ...["--create-home", "--home-dir", user.home, "--shell", user.shell, user.name],
        ]);
    }
    for (const path of recipe.removed) {
        await rm(join(root, path), { recursive: true, force: true });
    }
    for (const path of recipe.directories) {
        await mkdir(join(root, path), { recursive: true });
    }
    for (const [path, target] of Object.entries(recipe.links)) {
        await link(join(root, path), target);
    }
    const units = join(root, "etc/systemd/system");
    for (const [wanting, names] of Object.entries(recipe.enabled)) {
        for (const name of names) {
            await link(join(units, wanting, name), `/lib/systemd/system/${name}`);
        }
    }
    for (const name of recipe.masked) {
        await link(join(units, name), "/dev/null");
    }
    for (const [path, mode] of Object.entries(recipe.modes)) {
        await chmod(join(root, path), mode);
    }
}

/** Copies files with modes that no umask of a checkout or of npm has a say in. */
async function copyFiles(from: string, to: string): Promise<void> {
    for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
        if (entry.isFile()) {
            const source = join(entry.parentPath, entry.name);
            const target = join(to, relative(from, source));
            await mkdir(dirname(target), { recursive: true });
            await copyFile(source, target);
            const executable = ((await stat(source)).mode & 0o100) !== 0;
            await chmod(target, executable ? 0o755 : 0o644);
        }
    }
}

async function installPrograms(
    root: string,
    recipe: ImageRecipe,
    module: GoModule,
    built: string,
): Promise<void> {
    for (const [program, path] of Object.entries(recipe.programs[module] ?? {})) {
        await copyFile(join(built, program), join(root, path));
        await chmod(join(root, path), 0o755);
    }
}

async function link(path: string, target: string): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await rm(path, { force: true });
    await symlink(target, path);
}

function runBoxed(command: readonly string[]): Promise<string> {
    const box = ["--pdeathsig=KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child"];
    return run("setpriv", [...box, "--mount-proc", ...command], { limit: 30 * 60_000 });
}
