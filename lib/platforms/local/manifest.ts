import { existsSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ExtraDisk } from "./block-devices.js";
import { stateDirectory } from "./directories.js";

/*
 * The record of what this host carries, written before each side effect:
 *
 *   <state>/host.json                                  settings of the host, see host-settings.ts
 *   <state>/<network>/manifest.json                    bridge and firewall table
 *   <state>/<network>/machines/<name>/manifest.json    disk, mount, processes, link
 */

/** A network, as its manifest has it. */
export interface NetworkManifest {
    readonly id: string;
    /** Name of the Linux bridge, and part of the name of its firewall table. */
    readonly bridge: string;
    /** `10.80.0.0/24`; the first host is the host itself. */
    readonly subnet: string;
    /** A second subnet on the same bridge, for addresses that stand in for public ones. */
    readonly publicSubnet?: string;
    /** Machines that it is meant for; the host's limits go by it. */
    readonly machines: number;
    /** `project/stack` that it was made for. */
    readonly owner?: string;
    /** Directory of the project that made it: the same names may be in use in another checkout. */
    readonly directory?: string;
}

/** A machine, as its manifest has it. */
export interface MachineManifest {
    readonly network: string;
    readonly name: string;
    /** Marks every process of the machine: the container's uuid, and its `/etc/machine-id`. */
    readonly uuid: string;
    /** Another one means another disk. */
    readonly instanceId: string;
    readonly hostname: string;
    /** Address with prefix length: `10.80.0.11/24`. */
    readonly address: string;
    /** A second one, in the network's public subnet. */
    readonly publicAddress?: string;
    /** Disks beside its own; default none. */
    readonly disks?: readonly ExtraDisk[];
    readonly imageId: string;
    /** When it was last started by us, in milliseconds since the epoch; 0 before the first time. */
    readonly started: number;
}

const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Refuses what can't be the name of a directory and of a machine. */
export function requireName(what: string, name: string): string {
    if (!NAME.test(name)) {
        throw new Error(
            `${what} "${name}" is not valid: up to 63 lower-case letters, digits and hyphens are allowed.`,
        );
    }
    return name;
}

export function networkDirectory(network: string): string {
    return join(stateDirectory(), requireName("Network id", network));
}

export function machineDirectory(network: string, name: string): string {
    return join(networkDirectory(network), "machines", requireName("Machine name", name));
}

export async function readNetworkManifest(id: string): Promise<NetworkManifest | undefined> {
    return read<NetworkManifest>(networkDirectory(id));
}

export async function writeNetworkManifest(manifest: NetworkManifest): Promise<void> {
    await write(networkDirectory(manifest.id), manifest);
}

export async function readMachineManifest(
    network: string,
    name: string,
): Promise<MachineManifest | undefined> {
    return read<MachineManifest>(machineDirectory(network, name));
}

export async function writeMachineManifest(manifest: MachineManifest): Promise<void> {
    await write(machineDirectory(manifest.network, manifest.name), manifest);
}

/** Ids of all networks on this host, those half made included. */
export async function listNetworks(): Promise<string[]> {
    return directories(stateDirectory());
}

/** Names of the machines of a network, those half made included. */
export async function listMachines(network: string): Promise<string[]> {
    return directories(join(networkDirectory(network), "machines"));
}

/** Replaces a file's text as one step that survives a crash. */
export async function writeAtomically(file: string, text: string, mode = 0o644): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    const temporary = `${file}.tmp-${process.pid}`;
    const handle = await open(temporary, "w", mode);
    try {
        await handle.writeFile(text);
        await handle.sync();
    } finally {
        await handle.close();
    }
    await rename(temporary, file);
}

/** The parsed content of a file that only this package writes; `undefined` when there is none. */
export async function readRecord<T>(file: string): Promise<T | undefined> {
    try {
        const record: T = JSON.parse(await readFile(file, "utf8"));
        return record;
    } catch (cause) {
        // Asked first whether it is there, it could go before it is read.
        if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") {
            return undefined;
        }
        throw new Error(`${file} can't be read (${String(cause)}): it was changed by hand.`);
    }
}

function read<T>(directory: string): Promise<T | undefined> {
    return readRecord<T>(join(directory, "manifest.json"));
}

async function write(directory: string, manifest: object): Promise<void> {
    const text = `${JSON.stringify(manifest, null, 4)}\n`;
    await writeAtomically(join(directory, "manifest.json"), text);
}

async function directories(parent: string): Promise<string[]> {
    if (!existsSync(parent)) {
        return [];
    }
    const entries = await readdir(parent, { withFileTypes: true });
    return entries
        .filter((entry) => entry.isDirectory() && NAME.test(entry.name))
        .map((entry) => entry.name)
        .sort();
}
