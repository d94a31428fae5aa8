import type { CloudRecord } from "../account.js";

/** What a program asks for. */
export type LoadBalancerInputs = {
    readonly name: string;
    readonly region: string;
    readonly forwardingRules: readonly {
        readonly entryPort: number;
        readonly entryProtocol: string;
        readonly targetPort: number;
        readonly targetProtocol: string;
    }[];
    readonly dropletTag?: string;
    readonly dropletIds?: readonly number[];
    readonly vpcUuid?: string;
};

/** A load balancer of the account. */
export type LoadBalancerRecord = CloudRecord & LoadBalancerInputs & { readonly ip: string };
