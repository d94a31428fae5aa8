import {
    type GetInstanceTypeOfferingsResult,
    getInstanceTypeOfferings,
} from "@pulumi/aws/ec2/getInstanceTypeOfferings";
import { InstanceType as KnownType } from "@pulumi/aws/types/enums/ec2";
import type * as pulumi from "@pulumi/pulumi";
import { rejectArguments } from "../../constructs/reject.js";
import { given, type Problem } from "../../problem.js";
import { meant } from "../option-problems.js";
import type { AwsArgs, InstanceType } from "./args.js";
import { credentialsProblem } from "./credentials.js";

/** Instance type where the program says nothing: less memory is not enough for Flatcar's own updates. */
export const DEFAULT_TYPE: InstanceType = "t3.small";
/** Instance types and zones in which they are to be had, as two columns of one table. */
export type Offerings = Partial<
    Pick<GetInstanceTypeOfferingsResult, "instanceTypes" | "locations">
>;

/**
 * Asks AWS whether it has the instance types, once for a platform.
 *
 * @throws pulumi.RunError for types that the region does not have, and for want of a region or credentials
 */
export async function requireOffer(
    name: string,
    args: AwsArgs,
    opts: pulumi.InvokeOptions,
): Promise<Offerings> {
    const values = [...new Set(wantedTypes(args).map(([, type]) => type))];
    const filters = [{ name: "instance-type", values }];
    const asked = getInstanceTypeOfferings({ locationType: "availability-zone", filters }, opts);
    const found: Offerings = await asked.catch((cause: unknown) => {
        // Whatever else is wrong, such as rights, the cloud says it to the resource that it is wrong for.
        const problem = credentialsProblem(cause);
        rejectArguments(`Aws "${name}"`, problem === undefined ? [] : [problem]);
        return {};
    });
    rejectArguments(`Aws "${name}"`, typeProblems(args, found));
    return found;
}

/** Instance types that the region does not have. */
export function typeProblems(args: AwsArgs, { instanceTypes }: Offerings): Problem[] {
    return wantedTypes(args).flatMap(([group, type]) => {
        if (instanceTypes === undefined || instanceTypes.includes(type)) {
            return [];
        }
        const known = Object.values(KnownType);
        const allowed = known.some((one) => one === type)
            ? "is not to be had in this region; take another"
            : `is no instance type of this region; ${meant(type, known) ?? "it is a name such as t3.small"}`;
        return [{ path: `instanceTypes.${group}`, given: given(type), allowed }];
    });
}

/**
 * Instance types that a zone of the cluster does not have.
 *
 * @param areNamed whether the program names the zones; else subnets that are there may be in others
 */
export function typeInZoneProblems(
    args: AwsArgs,
    { instanceTypes, locations = [] }: Offerings,
    zones: readonly string[],
    areNamed: boolean,
): Problem[] {
    return wantedTypes(args).flatMap(([group, type]) => {
        const where = locations.filter((_, index) => instanceTypes?.[index] === type).sort();
        const missing = zones.filter((zone) => !where.includes(zone));
        if (instanceTypes === undefined || missing.length === 0) {
            return [];
        }
        const allowed = `is not to be had in ${missing.join(", ")}, but in ${where.join(", ")}; name such zones in \`vpc.zones\`, or take another type`;
        const problem = { path: `platform.instanceTypes.${group}`, given: given(type), allowed };
        return [areNamed ? problem : { ...problem, severity: "warning" as const }];
    });
}

/** The types that are named; the default one where none is, since only a cluster shows whether a group has it. */
function wantedTypes({ instanceTypes = {} }: AwsArgs): [string, string][] {
    const named = Object.entries(instanceTypes);
    return named.length > 0 ? named : [["default", DEFAULT_TYPE]];
}
