import type { CloudRecord } from "../account.js";

/** What a program asks for. */
export type InstanceInputs = {
    readonly ami: string;
    readonly instanceType: string;
    readonly subnetId: string;
    readonly privateIp?: string;
    readonly associatePublicIpAddress?: boolean;
    readonly keyName?: string;
    readonly vpcSecurityGroupIds?: readonly string[];
    readonly iamInstanceProfile?: string;
    readonly userData?: string;
    readonly userDataBase64?: string;
    readonly userDataReplaceOnChange?: boolean;
    readonly metadataOptions?: {
        readonly httpTokens?: string;
        readonly httpPutResponseHopLimit?: number;
    };
    readonly rootBlockDevice?: {
        readonly volumeType?: string;
        readonly volumeSize?: number;
        readonly encrypted?: boolean;
    };
    readonly tags?: Readonly<Record<string, string>>;
};

/** An instance of the account. */
export type InstanceRecord = CloudRecord &
    InstanceInputs & {
        readonly vpcId: string;
        readonly availabilityZone: string;
        readonly privateIp: string;
        /** Empty where it has none. */
        readonly publicIp: string;
    };
