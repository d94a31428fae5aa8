import { rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { detachDisks } from "./block-devices.js";
import { removeCgroups } from "./cgroups.js";
import { type MachinePaths, machinePaths, unmountDisk } from "./disk.js";
import { deleteLink } from "./links.js";
import type { MachineManifest } from "./manifest.js";
import { isRunning, machineProcesses, signal, waitUntilGone } from "./processes.js";

/** Where systemd-nspawn keeps files of its own while a container runs. */
const RUN_FILES = "/run/systemd/nspawn";

/** Kills what is left of a machine and takes away its link, mount, cgroups and run files. */
export async function endContainer(manifest: MachineManifest): Promise<void> {
    const paths = machinePaths(manifest.network, manifest.name);
    let processes = await machineProcesses(manifest.uuid);
    for (let attempt = 0; isRunning(processes) && attempt < 20; attempt++) {
        // The launcher first, or it would start the container again; init takes all others with it.
        for (const one of [processes.launcher, processes.init, processes.nspawn]) {
            if (one !== undefined) {
                await signal(one, "SIGKILL");
            }
        }
        await waitUntilGone(manifest.uuid, 500);
        processes = await machineProcesses(manifest.uuid);
    }
    if (isRunning(processes)) {
        throw new Error(`Machine "${manifest.name}" can't be killed: its processes stay.`);
    }
    await deleteLink(hostLink(manifest.uuid));
    const lock = await treeLock(paths.root);
    await unmountDisk(paths);
    await detachDisks(manifest.disks ?? []);
    await rm(lock, { force: true });
    await rmdir(join(RUN_FILES, "propagate", containerName(manifest.uuid))).catch(() => {});
    await removeCgroups(manifest.uuid);
}

/** The command that runs a machine's container; its link is named by {@link hostLink}. */
export function nspawnCommand(
    machine: MachineManifest,
    paths: MachinePaths,
    network: { readonly bridge: string },
): string[] {
    return [
        "systemd-nspawn",
        "--quiet",
        "--boot",
        `--directory=${paths.root}`,
        `--machine=${containerName(machine.uuid)}`,
        `--uuid=${machine.uuid}`,
        `--hostname=${machine.hostname}`,
        `--network-bridge=${network.bridge}`,
        `--bind-ro=${paths.configDrive}:/media/configdrive`,
        ...(machine.disks === undefined ? [] : [`--bind=${paths.disks}:/dev/disk/by-label`]),
        "--register=no",
        "--keep-unit",
        "--console=pipe",
        "--settings=no",
        "--resolv-conf=off",
        "--timezone=off",
        "--link-journal=no",
    ];
}

/** The file by which systemd-nspawn locks a directory tree, which it leaves when it is killed. */
async function treeLock(root: string): Promise<string> {
    const { dev, ino } = await stat(root).catch(() => ({ dev: 0, ino: 0 }));
    return join(RUN_FILES, "locks", `inode-${dev}:${ino}`);
}

/** Short enough that systemd-nspawn names the link after it, unchanged. */
function containerName(uuid: string): string {
    return uuid.replaceAll("-", "").slice(0, 12);
}

function hostLink(uuid: string): string {
    return `vb-${containerName(uuid)}`;
}
