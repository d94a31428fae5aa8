import { randomBytes, randomUUID } from "node:crypto";
import { appendFile, chmod, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { attachDisks, detachDisks, type ExtraDisk } from "./block-devices.js";
import { type StartOptions, waitForSsh } from "./boot.js";
import { type ConfigDrive, writeConfigDrive } from "./config-drive.js";
import { endContainer, nspawnCommand } from "./container.js";
import { machinePaths, mountDisk, writeIdentity } from "./disk.js";
import { exclusively } from "./exclusive.js";
import { findImage } from "./image.js";
import { launch } from "./launcher.js";
import {
    type MachineManifest,
    machineDirectory,
    readMachineManifest,
    writeMachineManifest,
} from "./manifest.js";
import { ensureNetwork } from "./network.js";
import { isRunning, machineProcesses, POWER_OFF, signal, waitUntilGone } from "./processes.js";

/** What a machine is made from. */
export interface MachineSpec extends ConfigDrive {
    /** Id of its network, which must be there. */
    readonly network: string;
    /** Unique in the network. */
    readonly name: string;
    /** Address with prefix length: `10.80.0.11/24`. */
    readonly address: string;
    /** A second one, in the network's public subnet. */
    readonly publicAddress?: string;
    /** Disks beside its own, to which further ones can be plugged; default none, now and later. */
    readonly disks?: readonly ExtraDisk[];
    readonly imageId: string;
    /** Files of the image that its disk lacks, from the root on: `opt/bin/etcd`; default none. */
    readonly without?: readonly string[];
    /** Becomes its `/etc/machine-id`; made at random where it is absent. */
    readonly uuid?: string;
}

export type { StartOptions } from "./boot.js";

/** Whether a machine is there and runs. */
export type MachineStatus = "running" | "stopped" | "absent";

/** Milliseconds that a machine has to power itself off, before it is killed. */
const POWER_OFF_LIMIT = 20_000;

/**
 * Makes a machine with a new disk and starts it. What an earlier, cut-off create of the same name left
 * is removed first.
 *
 * @returns its manifest, once sshd answers.
 * @throws one sentence and the last lines of its console when it does not boot; its disk stays.
 */
export async function createMachine(
    spec: MachineSpec,
    options: StartOptions = {},
): Promise<MachineManifest> {
    const paths = machinePaths(spec.network, spec.name);
    await alone(spec.network, spec.name, async () => {
        const network = await ensureNetwork(spec.network);
        await remove(spec.network, spec.name, 0);
        const manifest: MachineManifest = {
            network: spec.network,
            name: spec.name,
            uuid: spec.uuid ?? randomUUID(),
            instanceId: `i-${randomBytes(8).toString("hex")}`,
            hostname: spec.hostname,
            address: spec.address,
            ...(spec.publicAddress === undefined ? {} : { publicAddress: spec.publicAddress }),
            ...(spec.disks === undefined ? {} : { disks: spec.disks }),
            imageId: spec.imageId,
            started: 0,
        };
        await mkdir(paths.directory, { recursive: true });
        await chmod(paths.directory, 0o700);
        await writeMachineManifest(manifest);
        await writeConfigDrive(paths.configDrive, manifest.uuid, spec);
        await mountDisk(paths, requireImage(manifest));
        for (const path of spec.without ?? []) {
            await rm(join(paths.root, path), { force: true });
        }
        await writeIdentity(manifest, paths.root, network.subnet);
    });
    return startMachine(spec.network, spec.name, options);
}

/** Starts a machine on its own disk and waits for sshd; does nothing else where it runs. */
export async function startMachine(
    network: string,
    name: string,
    options: StartOptions = {},
): Promise<MachineManifest> {
    const manifest = await alone(network, name, async () => {
        const found = await requireMachine(network, name);
        await ensureNetwork(network);
        const paths = machinePaths(network, name);
        const processes = await machineProcesses(found.uuid);
        if (processes.init !== undefined || processes.launcher !== undefined) {
            return found;
        }
        await endContainer(found);
        await mountDisk(paths, requireImage(found));
        const started = { ...found, started: Date.now() };
        await writeMachineManifest(started);
        await appendFile(paths.console, `--- start ${new Date().toISOString()}\n`);
        if (found.disks !== undefined) {
            await attachDisks(found.disks, paths.disks);
        }
        const command = nspawnCommand(started, paths, await ensureNetwork(network));
        await launch({ uuid: found.uuid, command, console: paths.console });
        return started;
    });
    await waitForSsh(manifest, options);
    return manifest;
}

/** Powers a machine off, in the end by force; its disk stays. */
export async function stopMachine(
    network: string,
    name: string,
    limit = POWER_OFF_LIMIT,
): Promise<void> {
    await alone(network, name, async () => {
        const manifest = await readMachineManifest(network, name);
        if (manifest !== undefined) {
            await halt(manifest, limit);
        }
    });
}

/** Stops a machine and removes all of it; idempotent, and right for what a crash left too. */
export async function deleteMachine(
    network: string,
    name: string,
    limit = POWER_OFF_LIMIT,
): Promise<void> {
    await alone(network, name, () => remove(network, name, limit));
}

/** Whether a machine runs. */
export async function readMachine(network: string, name: string): Promise<MachineStatus> {
    const manifest = await readMachineManifest(network, name);
    if (manifest === undefined) {
        return "absent";
    }
    return isRunning(await machineProcesses(manifest.uuid)) ? "running" : "stopped";
}

/** Gives a machine a new config drive, which it applies at its next boot. */
export async function updateMachine(
    network: string,
    name: string,
    drive: ConfigDrive,
): Promise<void> {
    const manifest = await requireMachine(network, name);
    await writeMachineManifest({ ...manifest, hostname: drive.hostname });
    await writeConfigDrive(machinePaths(network, name).configDrive, manifest.uuid, drive);
}

/** Plugs a disk into a machine that was made with `disks`, whether it runs or not. */
export async function plugDisk(network: string, name: string, disk: ExtraDisk): Promise<void> {
    await alone(network, name, async () => {
        const manifest = await requireMachine(network, name);
        const disks = [...(manifest.disks ?? []), disk];
        await writeMachineManifest({ ...manifest, disks });
        await attachDisks(disks, machinePaths(network, name).disks);
    });
}

/** Takes a disk from a machine that does not run; idempotent. */
export async function unplugDisk(network: string, name: string, disk: ExtraDisk): Promise<void> {
    await alone(network, name, async () => {
        const manifest = await readMachineManifest(network, name);
        if (manifest !== undefined) {
            const disks = (manifest.disks ?? []).filter(({ file }) => file !== disk.file);
            await rm(join(machinePaths(network, name).disks, disk.label), { force: true });
            await detachDisks([disk]);
            await writeMachineManifest({ ...manifest, disks });
        }
    });
}

function alone<T>(network: string, name: string, work: () => Promise<T>): Promise<T> {
    return exclusively(`machine ${machineDirectory(network, name)}`, work);
}

async function remove(network: string, name: string, limit: number): Promise<void> {
    const manifest = await readMachineManifest(network, name);
    if (manifest !== undefined) {
        await halt(manifest, limit);
    }
    await rm(machineDirectory(network, name), { recursive: true, force: true });
}

async function halt(manifest: MachineManifest, limit: number): Promise<void> {
    const processes = await machineProcesses(manifest.uuid);
    if (processes.init !== undefined && limit > 0) {
        await signal(processes.init, POWER_OFF);
        await waitUntilGone(manifest.uuid, limit);
    }
    await endContainer(manifest);
}

function requireImage(manifest: MachineManifest): string {
    const image = findImage(manifest.imageId);
    if (image === undefined) {
        throw new Error(
            `Machine "${manifest.name}" stands on image ${manifest.imageId}, which is no longer in the cache: run "pulumi refresh" and "pulumi up".`,
        );
    }
    return image.root;
}

async function requireMachine(network: string, name: string): Promise<MachineManifest> {
    const manifest = await readMachineManifest(network, name);
    if (manifest === undefined) {
        throw new Error(`Machine "${name}" is not on this host: run "pulumi refresh".`);
    }
    return manifest;
}
