import { isIPv4 } from "node:net";

/** An IPv4 network. */
export interface Subnet {
    /** Its lowest address, as a number. */
    readonly base: number;
    /** Bits of the prefix, 0 to 32. */
    readonly prefix: number;
}

/** `"10.80.0.0/24"` as a {@link Subnet}; `undefined` when it is not one, or has bits below its prefix. */
export function parseSubnet(text: string): Subnet | undefined {
    const found = parseAddress(text);
    return found !== undefined && found.base === found.address
        ? { base: found.base, prefix: found.prefix }
        : undefined;
}

/** `"10.80.0.11/24"`, an address and the network that it is in; a bare address is its own network. */
export function parseAddress(text: string): (Subnet & { readonly address: number }) | undefined {
    const [ip = "", bits = "32", ...rest] = text.split("/");
    const prefix = Number(bits);
    if (!isIPv4(ip) || !/^\d{1,2}$/.test(bits) || prefix > 32 || rest.length > 0) {
        return undefined;
    }
    const address = ip.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
    return { address, base: address - (address % size(prefix)), prefix };
}

/** The dotted form of the n-th address of a network: the first host of it is number 1. */
export function addressAt(subnet: Subnet, n: number): string {
    const address = subnet.base + n;
    return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** Addresses that hosts can have: all but the network's own, its broadcast's and the gateway's. */
export function machineAddresses(subnet: Subnet): number {
    return Math.max(0, size(subnet.prefix) - 3);
}

/** Whether two networks share an address. */
export function overlaps(left: Subnet, right: Subnet): boolean {
    return (
        left.base < right.base + size(right.prefix) && right.base < left.base + size(left.prefix)
    );
}

function size(prefix: number): number {
    return 2 ** (32 - prefix);
}
