import type { ClusterShape } from "../../plan/shape.js";
import { given, type Problem } from "../../problem.js";
import {
    groupKeyProblems,
    optionProblem,
    releaseProblems,
    rolloutProblems,
    sshFromProblems,
    unknownOptionProblems,
    workerGroupProblems,
} from "../option-problems.js";
import type { DigitalOceanArgs } from "./args.js";

/** docs.digitalocean.com, products/networking/vpc/details/limits. */
const RANGE = /^(10|172\.(1[6-9]|2\d|3[01])|192\.168)(\.\d{1,3}){2,3}\/(1[6-9]|2[0-8])$/;
/** docs.digitalocean.com, reference/api, POST /v2/tags. */
const TAG = /^[\p{L}\p{N}:_-]{1,255}$/u;
/** Addresses of a VPC that no droplet gets: network, broadcast, gateway and what DigitalOcean keeps. */
const RESERVED = 4;

/** All of them: one that is added is asked for here by the compiler. */
const OPTIONS: Readonly<Record<keyof DigitalOceanArgs, true>> = {
    region: true,
    sizes: true,
    image: true,
    vpc: true,
    sshFrom: true,
    sshKeys: true,
    tags: true,
    etcdVolume: true,
    reservedAddresses: true,
    loadBalancers: true,
};

/** What is wrong with the arguments of a DigitalOcean platform, whatever cluster it is to carry. */
export function argumentProblems(args: Partial<DigitalOceanArgs> | undefined): Problem[] {
    const { region, image } = args ?? {};
    const isKind = image === undefined || ["id", "name", "flatcar"].some((key) => key in image);
    const kinds = "must be `{ id }`, `{ name }` or `{ flatcar: { version } }`";
    return [
        ...(typeof region === "string" && region !== ""
            ? []
            : [{ path: "region", allowed: "must be given: the slug of a region, such as sgp1" }]),
        ...(isKind ? [] : [{ path: "image", given: given(image), allowed: kinds }]),
    ];
}

/** What a DigitalOcean platform can't do of what was asked. */
export function platformProblems(
    args: DigitalOceanArgs,
    shape: ClusterShape,
    machines: number,
): Problem[] {
    return [
        ...unknownOptionProblems(args, Object.keys(OPTIONS)),
        ...unknownOptionProblems(args.vpc, ["id", "ipRange"], "vpc"),
        ...imageProblems(args),
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

/** How many droplets have an address in a VPC; any number where its range is not known. */
export function vpcRoom(ipRange: string): number {
    const prefix = ipRange.split("/")[1];
    return prefix === undefined ? Number.POSITIVE_INFINITY : 2 ** (32 - Number(prefix)) - RESERVED;
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
    const room = vpcRoom(ipRange);
    return room < machines
        ? optionProblem(
              "vpc.ipRange",
              ipRange,
              `has room for ${room} machines, and "${shape.name}" has ${machines}; take a larger one`,
          )
        : [];
}

function imageProblems({ image }: DigitalOceanArgs): Problem[] {
    if (image === undefined || !("flatcar" in image)) {
        return [];
    }
    const { version, url } = image.flatcar;
    const isArm = typeof url === "string" && /arm64|aarch64/i.test(url);
    const isUrl = typeof url !== "string" || /^https?:\/\/[^/]/.test(url);
    return [
        // An image of one's own has a version of one's own.
        ...(url === undefined ? releaseProblems(version) : []),
        ...(isArm
            ? optionProblem("image.flatcar.url", url, "is for ARM, and every droplet is amd64")
            : []),
        ...(isUrl
            ? []
            : optionProblem(
                  "image.flatcar.url",
                  url,
                  "must be an http or https URL, which DigitalOcean fetches by itself",
              )),
    ];
}

function volumeProblems({ etcdVolume }: DigitalOceanArgs): Problem[] {
    const size = etcdVolume?.size;
    return size === undefined || (Number.isInteger(size) && size >= 1 && size <= 16_384)
        ? []
        : optionProblem("etcdVolume.size", size, "must be a whole number of GiB, 1 to 16384");
}
