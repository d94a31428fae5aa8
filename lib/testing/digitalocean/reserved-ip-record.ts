import type { CloudRecord } from "../account.js";

/** What a program asks for. */
export type ReservedIpInputs = {
    readonly region: string;
    readonly dropletId?: number;
};

/** A reserved address of the account. */
export type ReservedIpRecord = CloudRecord & ReservedIpInputs & { readonly ipAddress: string };

/** What ties a reserved address to a droplet. */
export type ReservedIpAssignmentInputs = { readonly ipAddress: string; readonly dropletId: number };
