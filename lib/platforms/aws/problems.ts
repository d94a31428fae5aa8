import { type ClusterShape, groupsOf, type PlannedMachine } from "../../plan/shape.js";
import type { Problem } from "../../problem.js";
import { parseSubnet } from "../local/subnet.js";
import {
    groupKeyProblems,
    optionProblem,
    releaseProblems,
    rolloutProblems,
    sshFromProblems,
    unknownOptionProblems,
    workerGroupProblems,
} from "../option-problems.js";
import { placeMachines } from "./addresses.js";
import { type AwsArgs, type GivenVpcArgs, isGiven, type MadeVpcArgs } from "./args.js";
import { subnetCidrs, vpcCidr } from "./subnets.js";

/** docs.aws.amazon.com, vpc/latest/userguide/vpc-cidr-blocks; /26 is cut into four subnets of /28. */
const RANGE = /^(10|172\.(1[6-9]|2\d|3[01])|192\.168)(\.\d{1,3}){2,3}\/(1[6-9]|2[0-6])$/;
/** docs.aws.amazon.com, IAM/latest/UserGuide/reference-arns. */
const POLICY = /^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/.+$/;
/** docs.aws.amazon.com, IAM/latest/APIReference/API_Role: most policies of a role, by default. */
const MOST_POLICIES = 10;

/** All of them: one that is added is asked for here by the compiler. */
const OPTIONS: Readonly<Record<keyof AwsArgs, true>> = {
    instanceTypes: true,
    image: true,
    vpc: true,
    publicAddresses: true,
    sshFrom: true,
    metadataHopLimit: true,
    rootVolume: true,
    etcdVolume: true,
    policies: true,
    loadBalancers: true,
    tags: true,
};

/** What an AWS platform can't do of what was asked. */
export function platformProblems(
    args: AwsArgs,
    shape: ClusterShape,
    machines: readonly PlannedMachine[],
): Problem[] {
    const { vpc = {} } = args;
    const ofVpc = isGiven(vpc) ? givenVpcProblems(vpc) : madeVpcProblems(vpc, args);
    return [
        ...unknownOptionProblems(args, Object.keys(OPTIONS)),
        ...unknownOptionProblems(vpc, isGiven(vpc) ? ["id", "subnets"] : ["cidr", "zones"], "vpc"),
        ...rolloutProblems(shape, "AWS"),
        ...groupKeyProblems("instanceTypes", args.instanceTypes, shape),
        ...groupKeyProblems("policies", args.policies, shape),
        ...policyProblems(args, shape),
        ...workerGroupProblems("loadBalancers", args.loadBalancers, shape, true),
        ...ofVpc,
        ...(ofVpc.length > 0 ? [] : roomProblems(args, shape, machines)),
        ...sshFromProblems(args.sshFrom),
        ...numberProblems(args),
        ...imageProblems(args),
    ];
}

function madeVpcProblems({ cidr, zones }: MadeVpcArgs, args: AwsArgs): Problem[] {
    const isRange = cidr === undefined || (RANGE.test(cidr) && parseSubnet(cidr) !== undefined);
    const count = typeof zones === "object" ? zones.length : zones;
    const isCount = count === undefined || (Number.isInteger(count) && count >= 1 && count <= 8);
    return [
        ...(isRange
            ? []
            : optionProblem(
                  "vpc.cidr",
                  cidr,
                  "must be a private network (RFC 1918) from /16 to /26, such as 10.80.0.0/20",
              )),
        ...(isCount ? [] : optionProblem("vpc.zones", zones, "must be 1 to 8 zones")),
        ...(isCount && isRange && Number(count) > 4 && cidr?.endsWith("/26")
            ? optionProblem("vpc.cidr", cidr, `is too small for ${count} zones; take /25 at least`)
            : []),
        ...(typeof zones === "object" && new Set(zones).size < zones.length
            ? optionProblem("vpc.zones", zones, "names a zone twice")
            : []),
        ...(args.publicAddresses === false
            ? optionProblem(
                  "publicAddresses",
                  false,
                  "needs a VPC of yours with a way out, in `vpc.id` and `vpc.subnets`: machines without one could fetch nothing",
              )
            : []),
    ];
}

function givenVpcProblems({ subnets = [] }: Partial<GivenVpcArgs>): Problem[] {
    if (subnets.length === 0) {
        return optionProblem("vpc.subnets", subnets, "must name a subnet at least");
    }
    return subnets.flatMap(({ cidr }, index) => {
        const prefix = parseSubnet(cidr)?.prefix;
        return prefix !== undefined && prefix >= 16 && prefix <= 28
            ? []
            : optionProblem(
                  `vpc.subnets[${index}].cidr`,
                  cidr,
                  "must be the subnet's own range, from /16 to /28, such as 10.0.1.0/24",
              );
    });
}

function roomProblems(
    args: AwsArgs,
    shape: ClusterShape,
    machines: readonly PlannedMachine[],
): Problem[] {
    const cidrs = subnetCidrs(shape.name, args);
    return placeMachines(cidrs, machines).crowded.flatMap(({ subnet, room, needed }) => {
        const what = `${needed} of the ${machines.length} machines of "${shape.name}" would be in it`;
        return isGiven(args.vpc ?? {})
            ? optionProblem(
                  `vpc.subnets[${subnet}].cidr`,
                  cidrs[subnet],
                  `has room for ${room} machines, and ${what}; add a subnet, or take a larger one`,
              )
            : optionProblem(
                  "vpc.cidr",
                  vpcCidr(shape.name, args),
                  `gives the subnet ${cidrs[subnet]} room for ${room} machines, and ${what}; take a larger one`,
              );
    });
}

function policyProblems({ policies = {} }: AwsArgs, shape: ClusterShape): Problem[] {
    const groups = new Set(groupsOf(shape).map(([name]) => name));
    return Object.entries(policies)
        .filter(([group]) => groups.has(group))
        .flatMap(([group, arns]) => [
            ...(arns.length > MOST_POLICIES
                ? optionProblem(
                      `policies.${group}`,
                      arns.length,
                      `a role has ${MOST_POLICIES} policies at most; put several into one`,
                  )
                : []),
            ...arns.flatMap((arn, index) =>
                POLICY.test(arn)
                    ? []
                    : optionProblem(
                          `policies.${group}[${index}]`,
                          arn,
                          "must be the ARN of a policy, such as arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
                      ),
            ),
        ]);
}

function numberProblems({ metadataHopLimit, rootVolume, etcdVolume }: AwsArgs): Problem[] {
    const check = (
        path: string,
        value: number | undefined,
        least: number,
        most: number,
        of: string,
    ) =>
        value === undefined || (Number.isInteger(value) && value >= least && value <= most)
            ? []
            : optionProblem(path, value, `must be a whole number of ${of}, ${least} to ${most}`);
    return [
        ...check("metadataHopLimit", metadataHopLimit, 1, 64, "hops"),
        // Flatcar's image is 8.5 GiB.
        ...check("rootVolume.size", rootVolume?.size, 9, 16_384, "GiB"),
        ...check("etcdVolume.size", etcdVolume?.size, 1, 16_384, "GiB"),
    ];
}

function imageProblems({ image }: AwsArgs): Problem[] {
    if (image === undefined) {
        return [];
    }
    if (!("id" in image) && !("flatcar" in image)) {
        return optionProblem("image", image, "must be `{ id }` or `{ flatcar: { version } }`");
    }
    if ("id" in image) {
        return typeof image.id !== "string" || /^ami-[0-9a-f]{8,17}$/.test(image.id)
            ? []
            : optionProblem(
                  "image.id",
                  image.id,
                  "must be the id of an AMI, such as ami-0123456789abcdef0",
              );
    }
    return releaseProblems(image.flatcar.version);
}
