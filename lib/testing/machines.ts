import { createHash } from "node:crypto";
import { join } from "node:path";
import { PROGRAM_FOLDER, PROGRAMS } from "../binaries/index.js";
import type { ExtraDisk } from "../platforms/local/block-devices.js";
import { requireHost } from "../platforms/local/host-checks.js";
import { ensureImage } from "../platforms/local/image.js";
import {
    createMachine,
    deleteMachine,
    plugDisk,
    readMachine,
    startMachine,
    stopMachine,
    unplugDisk,
    updateMachine,
} from "../platforms/local/machine.js";
import { listMachines, listNetworks, readNetworkManifest } from "../platforms/local/manifest.js";
import { createNetwork, gatewayAddress, removeNetwork } from "../platforms/local/network.js";
import { addressAt, parseAddress, parseSubnet } from "../platforms/local/subnet.js";
import { sweep } from "../platforms/local/sweep.js";
import type { Account } from "./account.js";
import { closeObjectStore, openObjectStore } from "./object-store.js";
import { removeRulesets } from "./ruleset.js";

/** A network of a simulated cloud, which is a bridge on this host. */
export interface CloudNetwork {
    /** The cloud's own id of it. */
    readonly id: string;
    /** Private addresses: `10.80.0.0/24`. */
    readonly range: string;
    /** Addresses that stand in for public ones. */
    readonly publicRange: string;
}

/** A machine of a simulated cloud, and what that cloud's metadata would tell it. */
export interface CloudMachine {
    /** The cloud's own id of it, in lower-case letters, digits and hyphens. */
    readonly id: string;
    readonly hostname: string;
    readonly network: CloudNetwork;
    readonly privateIp: string;
    readonly publicIp?: string;
    /** As the machine gets it, decoded. */
    readonly userData: string;
    readonly sshAuthorizedKeys: readonly string[];
    /** Volumes that it has from its first boot on. */
    readonly disks: readonly ExtraDisk[];
}

/** What an image has of etcd and fleet, unless it is bare. */
const PROGRAM_FILES = Object.values(PROGRAMS)
    .flat()
    .map((program) => join(PROGRAM_FOLDER, program));

/** The host's kernel limits are raised for so many machines in a network. */
const MACHINES = 32;

/** Boots a machine of a simulated cloud on this host; answers once sshd does. */
export async function bootMachine(account: Account, machine: CloudMachine): Promise<void> {
    const { network, id, privateIp, publicIp } = machine;
    await requireHost(1);
    const { id: imageId } = await ensureImage(() => {});
    const hostNetwork = networkId(account, network.id);
    await account.alone(() => raiseNetwork(account, network));
    const { userData, sshAuthorizedKeys, hostname, disks } = machine;
    const { bareImages = false } = await account.settings();
    await createMachine({
        network: hostNetwork,
        name: id,
        address: `${privateIp}/${network.range.split("/")[1]}`,
        ...(publicIp === undefined
            ? {}
            : { publicAddress: `${publicIp}/${network.publicRange.split("/")[1]}` }),
        imageId,
        userData,
        sshAuthorizedKeys,
        hostname,
        disks,
        without: bareImages ? PROGRAM_FILES : [],
    });
}

/**
 * Stops a machine, hands it other user-data, and starts it again on its own disk.
 *
 * @param powerOffLimit milliseconds that it has to power itself off
 */
export async function restartMachine(
    account: Account,
    machine: Omit<CloudMachine, "privateIp" | "publicIp">,
    powerOffLimit: number,
): Promise<void> {
    const { network, id, userData, sshAuthorizedKeys, hostname } = machine;
    const hostNetwork = networkId(account, network.id);
    await stopMachine(hostNetwork, id, powerOffLimit);
    await updateMachine(hostNetwork, id, { userData, sshAuthorizedKeys, hostname });
    await startMachine(hostNetwork, id);
}

/** Plugs a volume into a machine, whether it runs or not; does nothing where it is on record alone. */
export async function plugVolume(
    account: Account,
    network: string,
    id: string,
    disk: ExtraDisk,
): Promise<void> {
    const hostNetwork = networkId(account, network);
    if ((await readMachine(hostNetwork, id)) !== "absent") {
        await plugDisk(hostNetwork, id, disk);
    }
}

/** Stops a machine and takes a volume from it. */
export async function unplugVolume(
    account: Account,
    network: string,
    id: string,
    disk: ExtraDisk,
    powerOffLimit: number,
): Promise<void> {
    const hostNetwork = networkId(account, network);
    await stopMachine(hostNetwork, id, powerOffLimit);
    await unplugDisk(hostNetwork, id, disk);
}

/**
 * Takes a machine down, and its network with the last machine in it.
 *
 * @param powerOffLimit milliseconds that it has to power itself off
 */
export async function destroyMachine(
    account: Account,
    network: string,
    id: string,
    powerOffLimit: number,
): Promise<void> {
    const hostNetwork = networkId(account, network);
    await deleteMachine(hostNetwork, id, powerOffLimit);
    await account.alone(async () => {
        if ((await listMachines(hostNetwork)).length === 0) {
            await closeObjectStore(account, bridgeName(account, network));
            await removeNetwork(hostNetwork);
        }
    });
}

/** Takes down everything that an account has on this host, after any crash. */
export async function sweepMachines(account: Account): Promise<void> {
    for (const network of await listNetworks()) {
        if ((await readNetworkManifest(network))?.directory === account.directory) {
            await sweep({ network });
        }
    }
    await closeObjectStore(account);
    await removeRulesets(account);
}

/** Name of the bridge of a simulated cloud's network. */
export function bridgeName(account: Account, network: string): string {
    return `cc-${mark(account, network)}`;
}

/**
 * The first free address of a network.
 *
 * @throws Error where all are taken
 */
export function freeAddress(range: string, taken: readonly string[]): string {
    const subnet = parseSubnet(range);
    const last = subnet === undefined ? 0 : 2 ** (32 - subnet.prefix) - 2;
    for (let n = 2; subnet !== undefined && n <= last; n++) {
        const address = addressAt(subnet, n);
        if (!taken.includes(address)) {
            return address;
        }
    }
    throw new Error(`the network ${range} has no free address`);
}

/** Whether an address lies in a network and is neither its own, the host's nor the broadcast's. */
export function isUsable(range: string, address: string): boolean {
    const subnet = parseSubnet(range);
    const parsed = parseAddress(address);
    if (subnet === undefined || parsed === undefined || address === gatewayAddress(range)) {
        return false;
    }
    const offset = parsed.address - subnet.base;
    return offset > 0 && offset < 2 ** (32 - subnet.prefix) - 1;
}

async function raiseNetwork(account: Account, network: CloudNetwork): Promise<void> {
    await createNetwork({
        id: networkId(account, network.id),
        bridge: bridgeName(account, network.id),
        subnet: network.range,
        publicSubnet: network.publicRange,
        machines: Math.min(MACHINES, 2 ** (32 - Number(network.range.split("/")[1])) - 3),
        owner: "a simulated cloud",
        directory: account.directory,
    });
    const { objectStore } = await account.settings();
    if (objectStore !== undefined && isUsable(network.range, objectStore)) {
        const address = `${objectStore}/${network.range.split("/")[1]}`;
        await openObjectStore(account, bridgeName(account, network.id), address);
    }
}

function networkId(account: Account, network: string): string {
    return `cloud-${mark(account, network)}`;
}

function mark(account: Account, network: string): string {
    const digest = createHash("sha256").update(`${account.directory} ${network}`).digest("hex");
    return digest.slice(0, 10);
}
