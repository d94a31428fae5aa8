import type { CloudRecord } from "../account.js";

/** A rule for what comes in. */
export type InboundRule = {
    readonly protocol: string;
    readonly portRange?: string;
    readonly sourceAddresses?: readonly string[];
    readonly sourceTags?: readonly string[];
    readonly sourceDropletIds?: readonly number[];
    readonly sourceLoadBalancerUids?: readonly string[];
};

/** A rule for what goes out. */
export type OutboundRule = {
    readonly protocol: string;
    readonly portRange?: string;
    readonly destinationAddresses?: readonly string[];
    readonly destinationTags?: readonly string[];
};

/** What a program asks for. */
export type FirewallInputs = {
    readonly name: string;
    readonly inboundRules?: readonly InboundRule[];
    readonly outboundRules?: readonly OutboundRule[];
    readonly dropletIds?: readonly number[];
    readonly tags?: readonly string[];
};

/** A firewall of the account. */
export type FirewallRecord = CloudRecord & FirewallInputs;
