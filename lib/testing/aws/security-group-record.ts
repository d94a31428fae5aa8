import type { CloudRecord } from "../account.js";

/** A rule of a security group. */
export interface SecurityRule {
    /** `tcp`, or `-1` for all. */
    readonly protocol: string;
    readonly fromPort: number;
    readonly toPort: number;
    readonly cidrBlocks?: readonly string[];
    readonly ipv6CidrBlocks?: readonly string[];
    readonly securityGroups?: readonly string[];
    /** Whether members of the group are let in. */
    readonly self?: boolean;
}

/** What a program asks for. */
export type SecurityGroupInputs = {
    readonly name: string;
    readonly vpcId: string;
    readonly description?: string;
    readonly ingress?: readonly SecurityRule[];
    readonly egress?: readonly SecurityRule[];
};

/** A security group of the account. */
export type SecurityGroupRecord = CloudRecord & SecurityGroupInputs;
