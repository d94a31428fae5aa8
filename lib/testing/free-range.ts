import { createHash } from "node:crypto";
import { hostRoutes } from "../platforms/local/links.js";
import { listNetworks, readNetworkManifest } from "../platforms/local/manifest.js";
import { addressAt, overlaps, parseSubnet } from "../platforms/local/subnet.js";

/** RFC 2544 keeps these for test networks, so that no real host has them. */
export const PUBLIC_RANGES = { base: "198.18.0.0/15", prefix: 24 };

/** What this very host has in use. */
export async function takenOnHost(): Promise<string[]> {
    const routes = await hostRoutes().catch(() => []);
    const ids = await listNetworks();
    const networks = await Promise.all(ids.map(readNetworkManifest));
    return [
        ...routes.map(({ text }) => text),
        ...networks.flatMap((one) => [one?.subnet ?? "", one?.publicSubnet ?? ""]),
    ];
}

/** The first free network from a place on that follows from the seed. */
export function freeRange(
    from: { readonly base: string; readonly prefix: number },
    seed: string,
    taken: readonly string[],
): string {
    const all = parseSubnet(from.base);
    const used = taken.flatMap((text) => parseSubnet(text) ?? []);
    const size = 2 ** (32 - from.prefix);
    const count = all === undefined ? 0 : 2 ** (32 - all.prefix) / size;
    const start = createHash("sha256").update(seed).digest().readUInt32BE(0) % Math.max(1, count);
    for (let step = 0; step < count && all !== undefined; step++) {
        const base = all.base + ((start + step) % count) * size;
        if (!used.some((one) => overlaps(one, { base, prefix: from.prefix }))) {
            return `${addressAt({ base, prefix: from.prefix }, 0)}/${from.prefix}`;
        }
    }
    throw new Error(`this host has no free network in ${from.base}`);
}
