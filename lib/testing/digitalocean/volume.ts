import { randomUUID } from "node:crypto";
import type { Account, CloudRecord } from "../account.js";
import { ApiError, type SimulatedResource } from "../simulated-resource.js";
import { removeVolumeFile } from "../volume-file.js";
import { requireRegion } from "./catalog.js";
import type { DropletRecord } from "./droplet-record.js";
import type { VolumeAttachmentInputs, VolumeInputs, VolumeRecord } from "./volume-record.js";

const REQUEST = "POST /v2/volumes";

/** `digitalocean.Volume`. A droplet that is made with it has it as a disk; one that gets it later has not. */
export const volume: SimulatedResource<VolumeInputs, VolumeRecord> = {
    kind: "volumes",
    replacedBy: ["name", "region", "initialFilesystemType", "initialFilesystemLabel"],
    named: true,
    async create(inputs, account) {
        const region = requireRegion(REQUEST, inputs.region);
        // docs.digitalocean.com, reference/terraform/reference/resources/volume: what a name may be.
        if (!/^[a-z][a-z0-9-]{0,63}$/.test(inputs.name)) {
            throw new ApiError(REQUEST, 422, `Volume name "${inputs.name}" is not valid.`);
        }
        // docs.digitalocean.com, products/volumes/details/limits: 1 GiB to 16 TiB.
        if (!Number.isInteger(inputs.size) || inputs.size < 1 || inputs.size > 16_384) {
            throw new ApiError(REQUEST, 422, `Volume size ${inputs.size} is not 1 to 16384 GiB.`);
        }
        const others = await account.list<VolumeRecord>("volumes");
        // docs.digitalocean.com, reference/api, POST /v2/volumes: a name once in a region, else 409.
        if (others.some((other) => other.name === inputs.name && other.region === region)) {
            throw new ApiError(REQUEST, 409, `A volume named "${inputs.name}" already exists.`);
        }
        const id = randomUUID();
        const filesystemType = inputs.initialFilesystemType ?? "";
        const filesystemLabel = inputs.initialFilesystemLabel ?? "";
        const outputs = { dropletIds: [], filesystemType, filesystemLabel };
        return { id, outputs: { ...outputs, volumeUrn: `do:volume:${id}` } };
    },
    async update(id, state, { size }) {
        // docs.digitalocean.com, products/volumes/details/limits: a volume can only be made larger.
        if (size < state.size) {
            const reason = "Volumes can only be resized upwards.";
            throw new ApiError(`POST /v2/volumes/${id}/actions`, 422, reason);
        }
        return {};
    },
    async delete(id, _state, account) {
        const [holder] = (await account.get<VolumeRecord>("volumes", id))?.dropletIds ?? [];
        if (holder !== undefined) {
            const reason = `A volume that is attached, to droplet ${holder}, can not be deleted.`;
            throw new ApiError(`DELETE /v2/volumes/${id}`, 409, reason);
        }
        await removeVolumeFile(account, id);
    },
};

/** `digitalocean.VolumeAttachment`. */
export const volumeAttachment: SimulatedResource<
    VolumeAttachmentInputs,
    CloudRecord & VolumeAttachmentInputs
> = {
    kind: "volume-attachments",
    replacedBy: ["dropletId", "volumeId"],
    async create({ dropletId, volumeId }, account) {
        await account.alone(async () => {
            const request = `POST /v2/volumes/${volumeId}/actions`;
            const droplet = await account.get<DropletRecord>("droplets", String(dropletId));
            if (droplet === undefined) {
                throw new ApiError(request, 404, `There is no droplet ${dropletId}.`);
            }
            await attachVolume(request, volumeId, dropletId, droplet.region, account);
        });
        return { id: `${dropletId}-${volumeId}`, outputs: {} };
    },
    async delete(_id, { volumeId }, account) {
        await account.alone(() => detachVolume(volumeId, account));
    },
};

/**
 * Attaches a volume, or refuses to.
 * Source: docs.digitalocean.com, reference/pydo/reference/volume_actions: one droplet at a time, in the same region.
 */
export async function attachVolume(
    request: string,
    volumeId: string,
    dropletId: number,
    region: string,
    account: Account,
): Promise<void> {
    const found = await account.get<VolumeRecord>("volumes", volumeId);
    if (found === undefined) {
        throw new ApiError(request, 404, `There is no volume ${volumeId}.`);
    }
    const holder = found.dropletIds.find((id) => id !== dropletId);
    if (holder !== undefined) {
        const reason = `Volume "${found.name}" is attached to droplet ${holder} already.`;
        throw new ApiError(request, 422, reason);
    }
    if (found.region !== region) {
        const reason = `Volume "${found.name}" is in ${found.region}, the droplet in ${region}.`;
        throw new ApiError(request, 422, reason);
    }
    await account.put("volumes", { ...found, dropletIds: [dropletId] });
}

/** Detaches a volume from whatever has it. */
export async function detachVolume(volumeId: string, account: Account): Promise<void> {
    const found = await account.get<VolumeRecord>("volumes", volumeId);
    if (found !== undefined) {
        await account.put("volumes", { ...found, dropletIds: [] });
    }
}
