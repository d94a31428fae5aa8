import type { CloudRecord } from "../account.js";

/** What a program asks for. */
export type VolumeInputs = {
    readonly name: string;
    readonly region: string;
    /** GiB. */
    readonly size: number;
    readonly initialFilesystemType?: string;
    readonly initialFilesystemLabel?: string;
    readonly tags?: readonly string[];
};

/** A volume of the account. */
export type VolumeRecord = CloudRecord & VolumeInputs & { readonly dropletIds: readonly number[] };

/** What ties a volume to a droplet. */
export type VolumeAttachmentInputs = { readonly dropletId: number; readonly volumeId: string };
