import type { Account, CloudRecord } from "../account.js";
import { freeAddress } from "../machines.js";
import { ApiError, type SimulatedResource } from "../simulated-resource.js";
import { requireRegion } from "./catalog.js";
import type { DropletRecord } from "./droplet-record.js";
import { forwardAddresses } from "./forwarding.js";
import { publicRange, takenAddresses } from "./public-addresses.js";
import type {
    ReservedIpAssignmentInputs,
    ReservedIpInputs,
    ReservedIpRecord,
} from "./reserved-ip-record.js";

/** `digitalocean.ReservedIp`. */
export const reservedIp: SimulatedResource<ReservedIpInputs, ReservedIpRecord> = {
    kind: "reserved-ips",
    replacedBy: ["region"],
    async create(inputs, account) {
        const request = "POST /v2/reserved_ips";
        const region = requireRegion(request, inputs.region);
        return account.alone(async () => {
            if (inputs.dropletId !== undefined) {
                await requireAssignable(request, inputs.dropletId, undefined, region, account);
            }
            const range = await publicRange(account, region);
            const ipAddress = freeAddress(range, await takenAddresses(account));
            const reservedIpUrn = `do:reservedip:${ipAddress}`;
            await account.put("reserved-ips", { ...inputs, id: ipAddress, ipAddress });
            return { id: ipAddress, outputs: { ipAddress, reservedIpUrn } };
        });
    },
    async update(id, { region }, { dropletId }, account) {
        if (dropletId !== undefined) {
            const request = `POST /v2/reserved_ips/${id}/actions`;
            await requireAssignable(request, dropletId, id, region, account);
        }
        return {};
    },
    changed: forwardAddresses,
};

/** `digitalocean.ReservedIpAssignment`. */
export const reservedIpAssignment: SimulatedResource<
    ReservedIpAssignmentInputs,
    CloudRecord & ReservedIpAssignmentInputs
> = {
    kind: "reserved-ip-assignments",
    replacedBy: ["ipAddress", "dropletId"],
    async create({ ipAddress, dropletId }, account) {
        const request = `POST /v2/reserved_ips/${ipAddress}/actions`;
        await account.alone(async () => {
            const found = await account.get<ReservedIpRecord>("reserved-ips", ipAddress);
            if (found === undefined) {
                throw new ApiError(request, 404, `There is no reserved IP ${ipAddress}.`);
            }
            await requireAssignable(request, dropletId, ipAddress, found.region, account);
            await account.put("reserved-ips", { ...found, dropletId });
        });
        return { id: `${dropletId}-${ipAddress}`, outputs: {} };
    },
    async delete(_id, { ipAddress, dropletId }, account) {
        await account.alone(async () => {
            const found = await account.get<ReservedIpRecord>("reserved-ips", ipAddress);
            if (found?.dropletId === dropletId) {
                const { dropletId: _dropletId, ...free } = found;
                await account.put("reserved-ips", { ...free, id: ipAddress });
            }
        });
    },
    changed: forwardAddresses,
};

/**
 * Refuses a droplet that can't have a reserved address.
 * Source: docs.digitalocean.com, products/networking/reserved-ips/details/limits: one for each droplet, in its region.
 */
async function requireAssignable(
    request: string,
    dropletId: number,
    ipAddress: string | undefined,
    region: string,
    account: Account,
): Promise<void> {
    const found = await account.get<DropletRecord>("droplets", String(dropletId));
    if (found === undefined || found.region !== region) {
        const reason = `There is no droplet ${dropletId} in region ${region}.`;
        throw new ApiError(request, 422, reason);
    }
    const all = await account.list<ReservedIpRecord>("reserved-ips");
    const other = all.find((one) => one.dropletId === dropletId && one.id !== ipAddress);
    if (other !== undefined) {
        const reason = `Droplet ${dropletId} already has the reserved IP ${other.id}.`;
        throw new ApiError(request, 422, reason);
    }
}
