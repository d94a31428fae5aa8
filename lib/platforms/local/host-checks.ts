import { constants, existsSync } from "node:fs";
import { access, mkdtemp, readFile, rm, statfs } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { CommandError, run } from "./command.js";
import { cacheDirectory, stateDirectory } from "./directories.js";
import { leastSettings } from "./host-settings.js";
import { findImage } from "./image.js";
import { imageId } from "./image-recipe.js";

/** Debian packages, and a file or program that each brings. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
    debootstrap: ["debootstrap"],
    "debian-archive-keyring": ["/usr/share/keyrings/debian-archive-keyring.gpg"],
    iproute2: ["ip"],
    mount: ["mount", "umount"],
    nftables: ["nft"],
    "systemd-container": ["systemd-nspawn"],
    "util-linux": ["setpriv", "unshare"],
};

const MIB = 1024 * 1024;
/** Packages, image and Go's own caches, when nothing is there yet. */
const IMAGE_SPACE = 1536 * MIB;
/** etcd's log alone takes 64 MiB at once. */
const MACHINE_SPACE = 192 * MIB;

/** Debian packages that the local platform needs and this host lacks. */
export function missingPackages(): string[] {
    return Object.entries(PACKAGES)
        .filter(([, wanted]) => !wanted.every(isInstalled))
        .map(([name]) => name);
}

/**
 * Why this host can't carry so many local machines: one sentence a reason, each with what to do.
 * Empty when it can.
 */
export async function checkHost(options: { readonly machines: number }): Promise<string[]> {
    if (process.platform !== "linux") {
        return [
            `The local platform needs Linux, not ${process.platform}: run it in a Linux virtual machine.`,
        ];
    }
    if (process.getuid?.() !== 0) {
        return ["The local platform makes network bridges and containers: run it as root."];
    }
    const missing = missingPackages();
    const problems =
        missing.length > 0
            ? [`Debian packages are missing: run "apt-get install --yes ${missing.join(" ")}".`]
            : await checkOverlay();
    problems.push(...(await checkSpace(options.machines)));
    problems.push(...(await checkSettings(options.machines)));
    return problems;
}

/** Throws an error with all that {@link checkHost} found, if it found anything. */
export async function requireHost(machines: number): Promise<void> {
    const problems = await checkHost({ machines });
    if (problems.length > 0) {
        throw new Error(problems.join("\n"));
    }
}

/** Room below a directory is too small: one sentence, or none. */
export async function checkRoom(
    directory: string,
    needed: number,
    what: string,
    variable: string,
): Promise<string[]> {
    const at = existingParent(directory);
    const { bavail, bsize } = await statfs(at);
    const free = bavail * bsize;
    return free >= needed
        ? []
        : [
              `${what} needs ${Math.ceil(needed / MIB)} MiB below ${directory}, where ${Math.floor(free / MIB)} MiB are free: make room, or set ${variable} to another directory.`,
          ];
}

async function checkSpace(machines: number): Promise<string[]> {
    const cache = findImage(imageId()) === undefined ? IMAGE_SPACE : 0;
    return [
        ...(await checkRoom(cacheDirectory(), cache, "The machine image", "PULUMI_COREOS_CACHE")),
        ...(await checkRoom(
            stateDirectory(),
            machines * MACHINE_SPACE,
            `A cluster of ${machines} machines`,
            "PULUMI_COREOS_STATE",
        )),
    ];
}

async function checkSettings(machines: number): Promise<string[]> {
    const problems: string[] = [];
    for (const [path, least] of Object.entries(leastSettings({ machines, uplinks: [] }))) {
        const file = join("/proc/sys", path);
        const current = Number(await readFile(file, "utf8").catch(() => "Infinity"));
        if (current < least && !(await isWritable(file))) {
            problems.push(
                `${machines} machines need the kernel setting ${path.replaceAll("/", ".")} of ${least}, it is ${current} and can't be changed from here: set it on the host with sysctl.`,
            );
        }
    }
    return problems;
}

/** Mounts an overlay where nobody else sees it, and where it ends with the command. */
async function checkOverlay(): Promise<string[]> {
    const directory = await mkdtemp(join(existingParent(stateDirectory()), ".pulumi-coreos-"));
    const script =
        'cd "$1" && mkdir a b c d && mount -t overlay -o lowerdir=a,upperdir=b,workdir=c overlay d';
    try {
        await run("unshare", ["--mount", "sh", "-c", script, "sh", directory]);
        return [];
    } catch (cause) {
        const why = cause instanceof CommandError ? cause.output.trim() : String(cause);
        return [
            `Overlay file systems can't be mounted below ${stateDirectory()} (${why}): use a host, or a privileged container, with overlayfs, or set PULUMI_COREOS_STATE to a directory on a disk.`,
        ];
    } finally {
        await rm(directory, { recursive: true, force: true });
    }
}

function isInstalled(wanted: string): boolean {
    if (wanted.startsWith("/")) {
        return existsSync(wanted);
    }
    const path = `${process.env["PATH"] ?? ""}${delimiter}/usr/sbin${delimiter}/sbin`;
    return path.split(delimiter).some((directory) => existsSync(join(directory, wanted)));
}

async function isWritable(file: string): Promise<boolean> {
    return access(file, constants.W_OK).then(
        () => true,
        () => false,
    );
}

function existingParent(directory: string): string {
    return existsSync(directory) ? directory : existingParent(dirname(directory));
}
