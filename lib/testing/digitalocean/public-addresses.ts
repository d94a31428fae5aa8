import type { Account } from "../account.js";
import { defaultVpc, type VpcRecord } from "./vpc.js";

/** Where a region's public addresses come from that belong to no droplet: the network of its first VPC. */
export async function publicRange(account: Account, region: string): Promise<string> {
    const all = await account.list<VpcRecord>("vpcs");
    const found = all.find((one) => one.region === region) ?? (await defaultVpc(region, account));
    return found.publicRange;
}

/** Every public address that is in use. */
export async function takenAddresses(account: Account): Promise<string[]> {
    const droplets = await account.list("droplets");
    const reserved = await account.list("reserved-ips");
    const balancers = await account.list("load-balancers");
    return [
        ...droplets.map(({ ipv4Address }) => String(ipv4Address)),
        ...reserved.map(({ id }) => id),
        ...balancers.map(({ ip }) => String(ip)),
    ];
}
