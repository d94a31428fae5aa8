import { InstanceType } from "@pulumi/aws/types/enums/ec2";
import { ApiError } from "../simulated-resource.js";

/** Where everything is; the provider's protocol hands the configuration of the real one to nobody. */
export const region =
    process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"] ?? "eu-central-1";

/** The region's zones, as the account sees them. */
export const zones: readonly string[] = ["a", "b", "c"].map((letter) => region + letter);

/** The instance types that the SDK knows. */
export const types: ReadonlySet<string> = new Set(Object.values(InstanceType));

/** Processors, as EC2 calls them. */
export type Architecture = "x86_64" | "arm64";

/**
 * Refuses a zone that the region has not.
 * Source: docs.aws.amazon.com, AWSEC2/latest/APIReference/errors-overview: `InvalidParameterValue`.
 */
export function requireZone(request: string, zone: string): string {
    if (!zones.includes(zone)) {
        const reason = `InvalidParameterValue: Value (${zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${zones.join(", ")}.`;
        throw new ApiError(request, 400, reason);
    }
    return zone;
}

/**
 * Refuses an instance type that there is not; answers with its processor.
 * Source: docs.aws.amazon.com, AWSEC2/latest/APIReference/errors-overview: `InvalidParameterValue`. The processor is in
 * the name (docs.aws.amazon.com, ec2/latest/instancetypes/instance-type-names: `g` for Graviton).
 */
export function requireType(request: string, type: string): Architecture {
    if (!types.has(type)) {
        const reason = `InvalidParameterValue: Invalid value '${type}' for InstanceType.`;
        throw new ApiError(request, 400, reason);
    }
    return /^(a1|[a-z]+\d+[a-z-]*g)/.test(type) ? "arm64" : "x86_64";
}
