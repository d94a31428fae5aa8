import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, open, readdir, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { waitFor } from "../../clients/wait.js";
import { run } from "./command.js";

/** How a machine's container is started and looked after. */
export interface Launch {
    /** Marks all of the machine's processes. */
    readonly uuid: string;
    /** The systemd-nspawn command, which ends with status 133 when the machine reboots. */
    readonly command: readonly string[];
    /** File that gets what the console shows. */
    readonly console: string;
}

/** Ended by systemd-nspawn with `--keep-unit` when the container asks for a reboot. */
const REBOOT_STATUS = 133;

/**
 * Each start of the container gets into the machine's own cgroups by itself (`0` is the writer). They
 * come before the command, an empty argument between.
 */
const LOOP = `while :; do
    (
        while [ -n "$1" ]; do echo 0 > "$1/cgroup.procs"; shift; done
        shift
        exec "$@"
    )
    [ $? -eq ${REBOOT_STATUS} ] || exit
done`;

/**
 * Starts a container so that it outlives this process and comes back when it reboots: under the
 * host's systemd where that is init, else as a detached shell.
 */
export async function launch(launch: Launch): Promise<void> {
    await (hostRunsSystemd() ? launchUnit(launch) : launchDetached(launch));
}

/** sd_booted(3). */
export function hostRunsSystemd(): boolean {
    return existsSync("/run/systemd/system");
}

async function launchUnit({ uuid, command, console }: Launch): Promise<void> {
    const properties = [
        "Delegate=yes",
        "KillMode=mixed",
        `RestartForceExitStatus=${REBOOT_STATUS}`,
        `SuccessExitStatus=${REBOOT_STATUS}`,
        "RestartSec=0",
        `StandardOutput=append:${console}`,
        `StandardError=append:${console}`,
    ];
    await run("systemd-run", [
        "--quiet",
        "--collect",
        `--unit=pulumi-coreos-${uuid}`,
        ...properties.map((property) => `--property=${property}`),
        ...command,
    ]);
}

async function launchDetached({ uuid, command, console }: Launch): Promise<void> {
    const cgroups = await makeCgroups(uuid);
    const output = await open(console, "a");
    try {
        const child = spawn("/bin/sh", ["-c", LOOP, "sh", ...cgroups, "", ...command], {
            detached: true,
            stdio: ["ignore", output.fd, output.fd],
            cwd: "/",
            // Nothing of the caller's environment is to live on in a machine's processes.
            env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
        });
        await new Promise<void>((resolve, reject) => {
            child.once("spawn", resolve);
            child.once("error", reject);
        });
        child.unref();
    } finally {
        await output.close();
    }
}

/**
 * Without cgroups of its own, a container under no systemd makes its groups at the top of the
 * hierarchy, where every other container's groups of the same names are.
 */
async function makeCgroups(uuid: string): Promise<string[]> {
    const directories = cgroupsOf(uuid);
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

/** Removes the cgroups of a machine whose last processes are ending. */
export async function removeCgroups(uuid: string): Promise<void> {
    for (const directory of cgroupsOf(uuid)) {
        await waitFor(
            `the last processes in ${directory}`,
            { deadline: Date.now() + 10_000, interval: 20 },
            async () => {
                await removeTree(directory);
                return existsSync(directory) ? { waiting: "they are ending" } : { done: true };
            },
        );
        // Fails while other machines are there.
        await rmdir(dirname(directory)).catch(() => {});
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

/** One in each hierarchy that systemd uses: version 2, its place beside version 1, version 1's own. */
function cgroupsOf(uuid: string): string[] {
    return ["/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd"]
        .filter((root) => existsSync(join(root, "cgroup.procs")))
        .map((root) => join(root, "pulumi-coreos", uuid));
}
