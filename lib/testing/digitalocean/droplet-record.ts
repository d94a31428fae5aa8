import type { CloudRecord } from "../account.js";

/** What a program asks for. */
export type DropletInputs = {
    readonly name: string;
    readonly image: string;
    readonly region: string;
    readonly size: string;
    readonly sshKeys?: readonly string[];
    readonly userData?: string;
    readonly vpcUuid?: string;
    readonly tags?: readonly string[];
    readonly volumeIds?: readonly string[];
    readonly monitoring?: boolean;
    readonly ipv6?: boolean;
    readonly gracefulShutdown?: boolean;
};

/** A droplet of the account. */
export type DropletRecord = CloudRecord &
    DropletInputs & {
        readonly vpcUuid: string;
        readonly ipv4Address: string;
        readonly ipv4AddressPrivate: string;
    };
