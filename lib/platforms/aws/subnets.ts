import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { addressAt, parseSubnet, type Subnet } from "../local/subnet.js";
import { type AwsArgs, isGiven } from "./args.js";

/** Zones over which machines are spread where the program says nothing. */
export const DEFAULT_ZONES = 3;
/** Away from what local networks and the simulated clouds take. */
const OWN_RANGES = { base: "10.128.0.0/10", prefix: 20 };

/** Addresses of the VPC that is made for a cluster. */
export function vpcCidr(cluster: string, { vpc = {} }: AwsArgs): string {
    if (!isGiven(vpc) && vpc.cidr !== undefined) {
        return vpc.cidr;
    }
    const seed = [pulumi.getProject(), pulumi.getStack(), cluster].join("/");
    const all = parseSubnet(OWN_RANGES.base);
    const { prefix } = OWN_RANGES;
    const count = 2 ** (prefix - (all?.prefix ?? prefix));
    const index = createHash("sha256").update(seed).digest().readUInt32BE(0) % count;
    return `${addressAt(all ?? { base: 0, prefix }, index * 2 ** (32 - prefix))}/${prefix}`;
}

/** How many subnets a cluster's machines are spread over. */
export function subnetCount({ vpc = {} }: AwsArgs): number {
    if (isGiven(vpc)) {
        return vpc.subnets.length;
    }
    const { zones = DEFAULT_ZONES } = vpc;
    return typeof zones === "number" ? zones : zones.length;
}

/** Addresses of each subnet; nothing where they make no sense, which is a problem by then. */
export function subnetCidrs(cluster: string, args: AwsArgs): string[] {
    const { vpc = {} } = args;
    if (isGiven(vpc)) {
        return vpc.subnets.map(({ cidr }) => cidr);
    }
    const range = parseSubnet(vpcCidr(cluster, args));
    return range === undefined ? [] : split(range, subnetCount(args));
}

/** The first parts of a network cut in four, or in eight: a further zone changes nothing for those before it. */
function split({ base, prefix }: Subnet, count: number): string[] {
    const part = prefix + (count <= 4 ? 2 : 3);
    return Array.from({ length: count }, (_, index) => {
        const start = addressAt({ base, prefix }, index * 2 ** (32 - part));
        return `${start}/${part}`;
    });
}
