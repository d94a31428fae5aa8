import type { ClusterShape } from "../../plan/shape.js";
import type { Problem } from "../../problem.js";
import {
    groupKeyProblems,
    optionProblem,
    rolloutProblems,
    sshFromProblems,
    workerGroupProblems,
} from "../option-problems.js";
import type { DigitalOceanArgs } from "./args.js";

/** docs.digitalocean.com, products/networking/vpc/details/limits. */
const RANGE = /^(10|172\.(1[6-9]|2\d|3[01])|192\.168)(\.\d{1,3}){2,3}\/(1[6-9]|2[0-8])$/;
/** docs.digitalocean.com, reference/api, POST /v2/tags. */
const TAG = /^[\p{L}\p{N}:_-]{1,255}$/u;
/** Addresses of a VPC that no droplet gets: network, broadcast, gateway and what DigitalOcean keeps. */
const RESERVED = 4;

/** What a DigitalOcean platform can't do of what was asked. */
export function platformProblems(
    args: DigitalOceanArgs,
    shape: ClusterShape,
    machines: number,
): Problem[] {
    return [
        ...rolloutProblems(shape, "DigitalOcean"),
        ...groupKeyProblems("sizes", args.sizes, shape),
        ...workerGroupProblems("reservedAddresses", args.reservedAddresses, shape, false),
        ...workerGroupProblems("loadBalancers", args.loadBalancers, shape, true),
        ...networkProblems(args, shape, machines),
        ...sshFromProblems(args.sshFrom),
        ...(args.tags ?? []).flatMap((tag, index) =>
            TAG.test(tag)
                ? []
                : optionProblem(
                      `tags[${index}]`,
                      tag,
                      "must be 1 to 255 letters, digits, colons, dashes and underscores",
                  ),
        ),
        ...volumeProblems(args),
    ];
}

function networkProblems(
    { vpc = {} }: DigitalOceanArgs,
    shape: ClusterShape,
    machines: number,
): Problem[] {
    if (!("ipRange" in vpc) || vpc.ipRange === undefined) {
        return [];
    }
    const { ipRange } = vpc;
    if (!RANGE.test(ipRange)) {
        const allowed =
            "must be a private network (RFC 1918) from /16 to /28, such as 10.80.0.0/20";
        return optionProblem("vpc.ipRange", ipRange, allowed);
    }
    const room = 2 ** (32 - Number(ipRange.split("/")[1])) - RESERVED;
    return room < machines
        ? optionProblem(
              "vpc.ipRange",
              ipRange,
              `has room for ${room} machines, and "${shape.name}" has ${machines}; take a larger one`,
          )
        : [];
}

function volumeProblems({ etcdVolume }: DigitalOceanArgs): Problem[] {
    const size = etcdVolume?.size;
    return size === undefined || (Number.isInteger(size) && size >= 1 && size <= 16_384)
        ? []
        : optionProblem("etcdVolume.size", size, "must be a whole number of GiB, 1 to 16384");
}
