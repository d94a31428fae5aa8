import type { CloudRecord } from "../account.js";

/** What a program asks for. */
export type LoadBalancerInputs = {
    readonly name: string;
    readonly loadBalancerType?: string;
    readonly internal?: boolean;
    readonly subnets?: readonly string[];
};

/** A load balancer of the account. */
export type LoadBalancerRecord = CloudRecord &
    LoadBalancerInputs & {
        /** Where it listens; at AWS only its name is known. */
        readonly address: string;
        readonly dnsName: string;
    };

/** What a program asks for. */
export type TargetGroupInputs = {
    readonly name: string;
    readonly port: number;
    readonly protocol: string;
    readonly vpcId: string;
};

/** A target group of the account. */
export type TargetGroupRecord = CloudRecord & TargetGroupInputs;

/** What a program asks for. */
export type ListenerInputs = {
    readonly loadBalancerArn: string;
    readonly port: number;
    readonly protocol: string;
    readonly defaultActions: readonly { readonly type: string; readonly targetGroupArn?: string }[];
};

/** A listener of the account. */
export type ListenerRecord = CloudRecord & ListenerInputs;

/** What ties an instance to a target group. */
export type TargetInputs = {
    readonly targetGroupArn: string;
    readonly targetId: string;
    readonly port?: number;
};

/** A registered target. */
export type TargetRecord = CloudRecord & TargetInputs;
