import { isIP } from "node:net";
import { type ClusterShape, groupsOf, MEMBERS } from "../../plan/shape.js";
import { given, type Problem } from "../../problem.js";
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
        ...groupProblems(args, shape),
        ...networkProblems(args, shape, machines),
        ...(args.sshFrom ?? []).flatMap((from, index) =>
            isNetwork(from)
                ? []
                : problem(
                      `sshFrom[${index}]`,
                      from,
                      "must be an IP address or a network such as 203.0.113.0/24",
                  ),
        ),
        ...(args.tags ?? []).flatMap((tag, index) =>
            TAG.test(tag)
                ? []
                : problem(
                      `tags[${index}]`,
                      tag,
                      "must be 1 to 255 letters, digits, colons, dashes and underscores",
                  ),
        ),
        ...volumeProblems(args),
    ];
}

function groupProblems(args: DigitalOceanArgs, shape: ClusterShape): Problem[] {
    const groups = new Map(groupsOf(shape));
    const names = [...groups.keys()].join(", ");
    const workers = [...groups.keys()].filter((name) => name !== MEMBERS).join(", ") || "none";
    const sizes = Object.keys(args.sizes ?? {}).flatMap((name) =>
        name === "default" || groups.has(name)
            ? []
            : problem(`sizes.${name}`, name, `is no group of "${shape.name}"; there are ${names}`),
    );
    const options = ["reservedAddresses", "loadBalancers"] as const;
    const ofWorkers = options.flatMap((option) =>
        (args[option] ?? []).flatMap((name, index) => {
            const path = `${option}[${index}]`;
            if (name === MEMBERS || !groups.has(name)) {
                const allowed = `is no worker group of "${shape.name}"; there are ${workers}`;
                return problem(path, name, allowed);
            }
            const { expose = [] } = groups.get(name) ?? {};
            return option === "loadBalancers" && expose.length === 0
                ? problem(path, name, `exposes no port; set \`workers.${name}.expose\``)
                : [];
        }),
    );
    return [...sizes, ...ofWorkers];
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
        return problem("vpc.ipRange", ipRange, allowed);
    }
    const room = 2 ** (32 - Number(ipRange.split("/")[1])) - RESERVED;
    return room < machines
        ? problem(
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
        : problem("etcdVolume.size", size, "must be a whole number of GiB, 1 to 16384");
}

function problem(path: string, value: unknown, allowed: string): Problem[] {
    return [{ path: `platform.${path}`, given: given(value), allowed }];
}

function isNetwork(text: string): boolean {
    const [address = "", prefix, ...rest] = text.split("/");
    const bits = isIP(address) === 6 ? 128 : 32;
    const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
    return isIP(address) !== 0 && isPrefix && rest.length === 0;
}
