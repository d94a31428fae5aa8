import type { ExtraDisk } from "../../platforms/local/block-devices.js";
import type { Account, CloudRecord } from "../account.js";
import { plugVolume, unplugVolume } from "../machines.js";
import { ApiError, type SimulatedResource } from "../simulated-resource.js";
import { removeVolumeFile, volumeFile } from "../volume-file.js";
import { arn, awsId } from "./aws-id.js";
import { requireZone } from "./catalog.js";
import type { InstanceRecord } from "./instance-record.js";

/** What a program asks for. */
export type VolumeInputs = {
    readonly availabilityZone: string;
    /** GiB. */
    readonly size: number;
    readonly type?: string;
    readonly encrypted?: boolean;
};

/** A volume of the account. */
export type VolumeRecord = CloudRecord & VolumeInputs & { readonly instanceId?: string };

/** What ties a volume to an instance. */
export type VolumeAttachmentInputs = {
    readonly volumeId: string;
    readonly instanceId: string;
    readonly deviceName: string;
};

/** Milliseconds that an instance has to shut down before a volume is taken from it. */
const SHUTDOWN_LIMIT = 5_000;
/**
 * A machine here can't tell its own blank disk from those of this host; so each volume has the file system and the label
 * that a member would give it.
 */
const LABEL = "etcd";

/** `aws.ebs.Volume`: a disk of the instance that it is attached to, as soon as it is. */
export const volume: SimulatedResource<VolumeInputs, VolumeRecord> = {
    kind: "volumes",
    replacedBy: ["availabilityZone", "encrypted", "snapshotId"],
    async create({ availabilityZone, size, type = "gp2" }) {
        const request = "ec2 CreateVolume";
        requireZone(request, availabilityZone);
        // docs.aws.amazon.com, AWSEC2/latest/APIReference/API_CreateVolume: gp2 and gp3 have 1 to 16,384 GiB
        // (gp3 up to 65,536 since 2025).
        const most = type === "gp3" ? 65_536 : 16_384;
        if (!Number.isInteger(size) || size < 1 || size > most) {
            const reason = `InvalidParameterValue: Volume of ${size}GiB is invalid; ${type} has 1 to ${most}GiB`;
            throw new ApiError(request, 400, reason);
        }
        const id = awsId("vol");
        return { id, outputs: { arn: arn("ec2", `volume/${id}`) } };
    },
    async update(id, before, { size }) {
        // docs.aws.amazon.com, ebs/latest/userguide/ebs-modify-volume: a volume can not be made smaller.
        if (size < before.size) {
            const reason = `InvalidParameterValue: New size cannot be smaller than existing size of ${id}`;
            throw new ApiError("ec2 ModifyVolume", 400, reason);
        }
        return {};
    },
    async delete(id, _state, account) {
        const found = await account.get<VolumeRecord>("volumes", id);
        // docs.aws.amazon.com, AWSEC2/latest/APIReference/API_DeleteVolume: it must be available.
        if (found?.instanceId !== undefined) {
            const reason = `VolumeInUse: Volume ${id} is currently attached to ${found.instanceId}`;
            throw new ApiError("ec2 DeleteVolume", 400, reason);
        }
        await removeVolumeFile(account, id);
    },
};

/** `aws.ec2.VolumeAttachment`. */
export const volumeAttachment: SimulatedResource<
    VolumeAttachmentInputs,
    CloudRecord & VolumeAttachmentInputs
> = {
    kind: "volume-attachments",
    replacedBy: ["deviceName", "instanceId", "volumeId"],
    async create({ volumeId, instanceId, deviceName }, account) {
        await account.alone(async () => {
            const request = "ec2 AttachVolume";
            const found = await account.get<VolumeRecord>("volumes", volumeId);
            const instance = await account.get<InstanceRecord>("instances", instanceId);
            // docs.aws.amazon.com, AWSEC2/latest/APIReference/errors-overview: the names of these refusals.
            if (found === undefined) {
                const reason = `InvalidVolume.NotFound: The volume '${volumeId}' does not exist.`;
                throw new ApiError(request, 400, reason);
            }
            if (instance === undefined) {
                const reason = `InvalidInstanceID.NotFound: The instance ID '${instanceId}' does not exist`;
                throw new ApiError(request, 400, reason);
            }
            if (found.instanceId !== undefined) {
                const reason = `VolumeInUse: ${volumeId} is already attached to an instance`;
                throw new ApiError(request, 400, reason);
            }
            if (found.availabilityZone !== instance.availabilityZone) {
                const reason = `InvalidVolume.ZoneMismatch: The volume '${volumeId}' is not in the same availability zone as instance '${instanceId}'`;
                throw new ApiError(request, 400, reason);
            }
            // AWSEC2/latest/UserGuide/device_naming: names for EBS volumes.
            if (!/^(\/dev\/sd[b-z]|xvd[b-z]|\/dev\/xvd[b-z])$/.test(deviceName)) {
                const reason = `InvalidParameterValue: Value (${deviceName}) for parameter device is invalid.`;
                throw new ApiError(request, 400, reason);
            }
            await plugVolume(account, instance.vpcId, instanceId, await diskOf(found, account));
            await account.put("volumes", { ...found, instanceId });
        });
        return { id: awsId("vai"), outputs: {} };
    },
    async update() {
        return {};
    },
    async delete(_id, { volumeId, instanceId }, account) {
        const found = await account.get<VolumeRecord>("volumes", volumeId);
        const instance = await account.get<InstanceRecord>("instances", instanceId);
        if (found !== undefined && instance !== undefined) {
            const disk = await diskOf(found, account);
            await unplugVolume(account, instance.vpcId, instanceId, disk, SHUTDOWN_LIMIT);
        }
        await account.alone(() => detach(volumeId, account));
    },
};

/** Detaches everything from an instance that goes. */
export async function detachVolumes(instanceId: string, account: Account): Promise<void> {
    for (const found of await account.list<VolumeRecord>("volumes")) {
        if (found.instanceId === instanceId) {
            await detach(found.id, account);
        }
    }
}

async function diskOf(volume: VolumeRecord, account: Account): Promise<ExtraDisk> {
    return { file: await volumeFile(account, volume, LABEL), label: LABEL };
}

async function detach(volumeId: string, account: Account): Promise<void> {
    const found = await account.get<VolumeRecord>("volumes", volumeId);
    if (found !== undefined) {
        const { instanceId: _instanceId, ...rest } = found;
        await account.put("volumes", rest);
    }
}
