import type { InstanceType as InstanceTypeName } from "@pulumi/aws/types/enums/ec2";
import type * as pulumi from "@pulumi/pulumi";
import type { Channel } from "../../plan/shape.js";

/** Name of an instance type: `t3.small`, or `t4g.small` with an ARM processor. */
export type InstanceType = InstanceTypeName | (string & {});

/** A public release of Flatcar. */
export interface FlatcarRelease {
    /** Default `stable`. */
    readonly channel?: Channel;
    /** `4593.2.5`. A release stays what it is until this changes. */
    readonly version: string;
    /** Number of the account that owns the AMI; default Flatcar's own. Copies of AMIs stay for longer. */
    readonly owner?: string;
}

/**
 * The AMI of the instances: by id, or a release of Flatcar, of which the AMI for the processor of the instance type is
 * taken. An AMI is of one region. Flatcar's own stay public for nine months; running instances outlive that.
 */
export type ImageArgs =
    | { readonly id: pulumi.Input<string> }
    | { readonly flatcar: FlatcarRelease };

/** A network that is made for each cluster. */
export interface MadeVpcArgs {
    /** RFC 1918, /16 to /26; default one that follows from the names of project, stack and cluster. */
    readonly cidr?: string;
    /** Over how many availability zones the machines are spread, 1 to 8, or the zones' names; default 3. */
    readonly zones?: number | readonly string[];
}

/** A subnet that is there. */
export interface GivenSubnet {
    /** `subnet-0123456789abcdef0`. */
    readonly id: pulumi.Input<string>;
    /** Its addresses, so that those of the machines are known beforehand: `10.0.1.0/24`. */
    readonly cidr: string;
}

/** A network that is there. */
export interface GivenVpcArgs {
    /** `vpc-0123456789abcdef0`. */
    readonly id: pulumi.Input<string>;
    /** The machines are spread over these, in turn. Best no one else takes addresses in them. */
    readonly subnets: readonly GivenSubnet[];
}

/** What an {@link Aws} platform is made from. */
export interface AwsArgs {
    /** Instance type of each group (`members`, or the name of a worker group); default `t3.small`. */
    readonly instanceTypes?: { readonly default?: InstanceType } & Readonly<
        Record<string, InstanceType>
    >;
    /** Default the release of Flatcar that this version of the library was made for. */
    readonly image?: ImageArgs;
    /** Default one that is made. */
    readonly vpc?: MadeVpcArgs | GivenVpcArgs;
    /** Whether instances have public addresses; default true. False needs a VPC with a way out, such as a NAT gateway. */
    readonly publicAddresses?: boolean;
    /** Addresses and networks that SSH is let in from; default everywhere. Nothing else is let in, but exposed ports. */
    readonly sshFrom?: readonly string[];
    /**
     * Network hops that answers of the metadata service may take, 1 to 64; default 1, the instance itself. Containers
     * on a bridge that need the instance's role want 2.
     */
    readonly metadataHopLimit?: number;
    /** The disk with the system, encrypted. */
    readonly rootVolume?: {
        /** GiB, default 16. */
        readonly size: number;
    };
    /** An encrypted volume for the data of each etcd member, which outlives its instance; default the disk with the system. */
    readonly etcdVolume?: {
        /** GiB, 1 to 16384. */
        readonly size: number;
    };
    /** ARNs of policies that the workloads of a group have, by the group's name. */
    readonly policies?: Readonly<Record<string, readonly string[]>>;
    /** Worker groups whose exposed ports are behind a network load balancer. */
    readonly loadBalancers?: readonly string[];
    /** Further tags of everything that can have them. */
    readonly tags?: Readonly<Record<string, string>>;
}

/** Whether the VPC is one that is there. */
export function isGiven(vpc: MadeVpcArgs | GivenVpcArgs): vpc is GivenVpcArgs {
    return "id" in vpc;
}
