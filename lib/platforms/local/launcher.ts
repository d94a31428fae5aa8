import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { controllerOptions, makeCgroups } from "./cgroups.js";
import { run } from "./command.js";

/** How a machine's container is started and looked after. */
export interface Launch {
    /** Marks all of the machine's processes. */
    readonly uuid: string;
    /** The systemd-nspawn command, options last; it ends with status 133 when the machine reboots. */
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
    const container = [...command, ...controllerOptions(cgroups)];
    const output = await open(console, "a");
    try {
        const child = spawn("/bin/sh", ["-c", LOOP, "sh", ...cgroups, "", ...container], {
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
