import { rm } from "node:fs/promises";
import { raiseFirewall, removeFirewall } from "./firewall.js";
import { allowForwarding, forbidForwarding } from "./forwarding.js";
import { holdHostSettings, releaseHostSettings, tidyState, withHostLock } from "./host-settings.js";
import {
    addBridge,
    bridgeHardwareAddress,
    deleteLink,
    hardwareAddress,
    hostRoutes,
    uplinks,
} from "./links.js";
import {
    listNetworks,
    type NetworkManifest,
    networkDirectory,
    readNetworkManifest,
    writeNetworkManifest,
} from "./manifest.js";
import { addressAt, machineAddresses, overlaps, parseSubnet, type Subnet } from "./subnet.js";

/** What a network is made from. */
export type NetworkSpec = NetworkManifest;

/** What stands of a network. */
export interface NetworkStatus {
    readonly manifest: NetworkManifest;
    /** Whether its bridge is there; a reboot of the host takes it away. */
    readonly active: boolean;
}

/**
 * Makes a network, or completes and restores one that is there: bridge, firewall, outbound NAT, kernel
 * limits.
 *
 * @throws one sentence that names the option when bridge or subnet is malformed, or taken.
 */
export async function createNetwork(spec: NetworkSpec): Promise<void> {
    requireSubnet(spec);
    await withHostLock(async () => {
        await requireFree(spec);
        await writeNetworkManifest(spec);
        const links = await uplinks();
        await holdHostSettings(spec.id, { machines: spec.machines, uplinks: links });
        const subnets = subnetsOf(spec);
        await raiseFirewall({ bridge: spec.bridge, subnets, uplinks: links });
        await allowForwarding({ bridge: spec.bridge, uplinks: links });
        const addresses = subnets.map((each) => `${gatewayAddress(each)}/${each.split("/")[1]}`);
        await addBridge(spec.bridge, bridgeHardwareAddress(spec.id), addresses);
    });
}

/** What stands of a network; `undefined` when this host has none of that id. */
export async function readNetwork(id: string): Promise<NetworkStatus | undefined> {
    const manifest = await readNetworkManifest(id);
    if (manifest === undefined) {
        return undefined;
    }
    const active = (await hardwareAddress(manifest.bridge)) === bridgeHardwareAddress(id);
    return { manifest, active };
}

/** Restores a network after a reboot of the host; quick when nothing is missing. */
export async function ensureNetwork(id: string): Promise<NetworkManifest> {
    const status = await readNetwork(id);
    if (status === undefined) {
        throw new Error(`Network "${id}" is not on this host: run "pulumi refresh".`);
    }
    if (!status.active) {
        await createNetwork(status.manifest);
    }
    return status.manifest;
}

/** Removes bridge, firewall, settings and files of a network whose machines are gone; idempotent. */
export async function removeNetwork(id: string): Promise<void> {
    await withHostLock(async () => {
        const manifest = await readNetworkManifest(id);
        if (manifest !== undefined) {
            const { bridge } = manifest;
            if ((await hardwareAddress(bridge)) === bridgeHardwareAddress(id)) {
                await deleteLink(bridge);
            }
            await removeFirewall(bridge);
            await forbidForwarding(bridge);
        }
        await releaseHostSettings(id);
        await rm(networkDirectory(id), { recursive: true, force: true });
    });
    await tidyState();
}

/** The host's own address in a network: the first one. */
export function gatewayAddress(subnet: string): string {
    const parsed = parseSubnet(subnet);
    if (parsed === undefined) {
        throw new Error(`subnet "${subnet}" is not a network such as "10.80.0.0/24".`);
    }
    return addressAt(parsed, 1);
}

function requireSubnet(spec: NetworkSpec): Subnet {
    if (!/^[a-zA-Z][a-zA-Z0-9_-]{0,14}$/.test(spec.bridge)) {
        throw new Error(
            `Option bridge: "${spec.bridge}" can't name a link; up to 15 letters, digits, "-" and "_" are allowed.`,
        );
    }
    const subnet = parseSubnet(spec.subnet);
    if (subnet === undefined) {
        throw new Error(
            `Option subnet: "${spec.subnet}" is not a network; write it like "10.80.0.0/24".`,
        );
    }
    if (machineAddresses(subnet) < Math.max(1, spec.machines)) {
        throw new Error(
            `Option subnet: "${spec.subnet}" has room for ${machineAddresses(subnet)} machines, not for ${spec.machines}; choose a larger one.`,
        );
    }
    return subnet;
}

/**
 * Looks, and changes nothing.
 *
 * @throws Error naming the option, where another network or link of this host is in the way
 */
export async function requireFreeNetwork(spec: NetworkSpec): Promise<void> {
    requireSubnet(spec);
    await requireFree(spec);
}

function subnetsOf({ subnet, publicSubnet }: NetworkManifest): string[] {
    return publicSubnet === undefined ? [subnet] : [subnet, publicSubnet];
}

async function requireFree(spec: NetworkSpec): Promise<void> {
    for (const id of await listNetworks()) {
        const other = id === spec.id ? undefined : await readNetworkManifest(id);
        if (other?.bridge === spec.bridge) {
            throw new Error(
                `Option bridge: "${spec.bridge}" is the bridge of network "${id}" on this host; choose another.`,
            );
        }
        for (const taken of other === undefined ? [] : subnetsOf(other)) {
            const own = overlapping(spec, taken);
            if (own !== undefined) {
                throw new Error(
                    `Option subnet: ${own} overlaps ${taken} of network "${id}" on this host; choose another.`,
                );
            }
        }
    }
    const found = await hardwareAddress(spec.bridge);
    if (found !== undefined && found !== bridgeHardwareAddress(spec.id)) {
        throw new Error(
            `Option bridge: this host has a link "${spec.bridge}" that is not ours; choose another name.`,
        );
    }
    for (const route of await hostRoutes()) {
        const own = route.device === spec.bridge ? undefined : overlapping(spec, route.subnet);
        if (own !== undefined) {
            throw new Error(
                `Option subnet: ${own} overlaps ${route.text} on this host's ${route.device}; choose another.`,
            );
        }
    }
}

/** The one of a network's subnets that shares an address with another. */
function overlapping(spec: NetworkSpec, other: Subnet | string): string | undefined {
    const parsed = typeof other === "string" ? parseSubnet(other) : other;
    return subnetsOf(spec).find((own) => {
        const subnet = parseSubnet(own);
        return subnet !== undefined && parsed !== undefined && overlaps(parsed, subnet);
    });
}
