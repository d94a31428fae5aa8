import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, rmdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { waitFor } from "../../clients/wait.js";

const ROOT = "/sys/fs/cgroup";

/** The directory in a hierarchy that holds one cgroup per machine. */
const ABOVE = "pulumi-coreos";

/** Where systemd tracks processes: version 2, its place beside version 1, version 1's own. */
const TRACKING = ["", "unified", "systemd"];

/** Of version 1: those by which systemd holds a unit's limits of CPU time, memory and processes. */
const CONTROLLERS = ["cpu", "cpuacct", "memory", "pids"];

/**
 * Makes a machine's cgroups. Without them, a container under no systemd makes its groups at the top
 * of the hierarchy, where every other container's groups of the same names are.
 *
 * @returns their directories; none where cgroups are read-only.
 */
export async function makeCgroups(uuid: string): Promise<string[]> {
    const directories = [...TRACKING.filter(isHierarchy), ...freeControllers()].map((hierarchy) =>
        join(ROOT, hierarchy, ABOVE, uuid),
    );
    for (let attempt = 0; attempt < 3; attempt++) {
        try {
            for (const directory of directories) {
                await mkdir(directory, { recursive: true });
            }
            return directories;
        } catch {
            // The end of another machine may have taken the directory above away just now.
        }
    }
    // Read-only in some containers. A part of them would be worse than none.
    return [];
}

/**
 * Options of systemd-nspawn(1) that put the version 1 controllers among a machine's cgroups into it,
 * writable. systemd-nspawn itself mounts them read-only, which leaves limits of units without effect.
 */
export function controllerOptions(cgroups: readonly string[]): string[] {
    const binds = cgroups.flatMap((directory) => {
        const hierarchy = basename(dirname(dirname(directory)));
        const controls = hierarchy.split(",").some((name) => CONTROLLERS.includes(name));
        return controls ? [`--bind=${directory}:${join(ROOT, hierarchy)}`] : [];
    });
    return binds.length === 0 ? [] : [`--tmpfs=${ROOT}:mode=755`, ...binds];
}

/** Removes the cgroups of a machine whose last processes are ending. */
export async function removeCgroups(uuid: string): Promise<void> {
    // Not only where this process would make them: another may have, from other cgroups.
    const entries = await readdir(ROOT, { withFileTypes: true }).catch(() => []);
    const hierarchies = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    for (const above of ["", ...hierarchies].map((name) => join(ROOT, name, ABOVE))) {
        if (!existsSync(above)) {
            continue;
        }
        const directory = join(above, uuid);
        await waitFor(
            `the last processes in ${directory}`,
            { deadline: Date.now() + 10_000, interval: 20 },
            async () => {
                await removeTree(directory);
                return existsSync(directory) ? { waiting: "they are ending" } : { done: true };
            },
        );
        // Fails while other machines are there.
        await rmdir(above).catch(() => {});
    }
}

/** A killed process holds its group for some moments more. */
async function removeTree(directory: string): Promise<void> {
    for (const entry of await readdir(directory, { withFileTypes: true }).catch(() => [])) {
        if (entry.isDirectory()) {
            await removeTree(join(directory, entry.name));
        }
    }
    await rmdir(directory).catch(() => {});
}

function isHierarchy(name: string): boolean {
    return existsSync(join(ROOT, name, "cgroup.procs"));
}

/**
 * The version 1 controllers that are this process's to divide: those in whose topmost cgroup it is. A
 * cgroup further down belongs to whoever made it, who may count, limit or kill by it; nothing is
 * made in it, and no process leaves it.
 */
function freeControllers(): string[] {
    let text = "";
    try {
        text = readFileSync("/proc/self/cgroup", "utf8");
    } catch {
        return [];
    }
    return text.split("\n").flatMap((line) => {
        const [, names = "", path] = line.split(":");
        const controls = names.split(",").some((name) => CONTROLLERS.includes(name));
        return controls && path === "/" && isHierarchy(names) && isWritable(names) ? [names] : [];
    });
}

function isWritable(hierarchy: string): boolean {
    try {
        accessSync(join(ROOT, hierarchy), constants.W_OK);
        return true;
    } catch {
        return false;
    }
}
