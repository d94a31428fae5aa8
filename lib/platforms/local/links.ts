import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError, run } from "./command.js";
import { parseAddress, type Subnet } from "./subnet.js";

/** A network of this host: where it comes from, for messages, and its interface. */
export interface HostRoute {
    readonly subnet: Subnet;
    readonly text: string;
    readonly device: string;
}

/** The bridge of a network has this hardware address: so ours is told from another of its name. */
export function bridgeHardwareAddress(network: string): string {
    const digest = createHash("sha256").update(`pulumi-coreos ${network}`).digest("hex");
    return `02:${digest.slice(0, 10).match(/../g)?.join(":")}`;
}

/** Hardware address of a link; `undefined` when there is no link of that name. */
export async function hardwareAddress(name: string): Promise<string | undefined> {
    if (!existsSync(join("/sys/class/net", name))) {
        return undefined;
    }
    const [link] = await ipJson<{ address?: string }>(["link", "show", "dev", name]);
    return link?.address;
}

/** Makes a bridge that forwards from the first moment on. */
export async function addBridge(
    name: string,
    hardware: string,
    addresses: readonly string[],
): Promise<void> {
    if ((await hardwareAddress(name)) === undefined) {
        const kind = ["type", "bridge", "forward_delay", "0", "mcast_snooping", "0"];
        await run("ip", ["link", "add", "name", name, "address", hardware, ...kind]);
    }
    for (const address of addresses) {
        await run("ip", ["address", "replace", address, "dev", name]);
    }
    await writeIfThere(`/proc/sys/net/ipv6/conf/${name}/disable_ipv6`, "1");
    await writeIfThere(`/proc/sys/net/ipv4/conf/${name}/forwarding`, "1");
    // A machine that boots is asked for its address ten times a second, not once.
    await writeIfThere(`/proc/sys/net/ipv4/neigh/${name}/retrans_time_ms`, "100");
    await run("ip", ["link", "set", "dev", name, "up"]);
}

/** Removes a link, if it is there. */
export async function deleteLink(name: string): Promise<void> {
    try {
        await run("ip", ["link", "delete", "dev", name]);
    } catch (cause) {
        if (existsSync(join("/sys/class/net", name)) || !(cause instanceof CommandError)) {
            throw cause;
        }
    }
}

/** Every IPv4 network that this host has an address in or a route to, but the default one. */
export async function hostRoutes(): Promise<HostRoute[]> {
    const routes = await ipJson<{ dst?: string; dev?: string }>(["-4", "route", "show"]);
    const addresses = await ipJson<{
        ifname?: string;
        addr_info?: { local?: string; prefixlen?: number }[];
    }>(["-4", "address", "show"]);
    const found = [
        ...routes.map(({ dst, dev }) => ({ text: dst, device: dev })),
        ...addresses.flatMap(({ ifname, addr_info = [] }) =>
            addr_info.map((one) => ({ text: `${one.local}/${one.prefixlen}`, device: ifname })),
        ),
    ];
    return found.flatMap(({ text = "", device = "" }) => {
        const subnet = parseAddress(text);
        return subnet === undefined ? [] : [{ subnet, text, device }];
    });
}

/** Interfaces that a default route goes through. */
export async function uplinks(): Promise<string[]> {
    const routes = await ipJson<{ dev?: string }>(["-4", "route", "show", "default"]);
    return [...new Set(routes.flatMap(({ dev }) => (dev === undefined ? [] : [dev])))].sort();
}

async function ipJson<T>(args: readonly string[]): Promise<T[]> {
    const parsed: T[] = JSON.parse((await run("ip", ["-json", ...args])) || "[]");
    return parsed;
}

async function writeIfThere(file: string, value: string): Promise<void> {
    if (existsSync(file)) {
        await writeFile(file, value);
    }
}
