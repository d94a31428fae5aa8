import { createHash } from "node:crypto";
import type { Account } from "../account.js";
import { bootMachine, destroyMachine, freeAddress } from "../machines.js";
import { ApiError, type SimulatedResource } from "../simulated-resource.js";
import { requireRegion, requireSize } from "./catalog.js";
import { requireImage } from "./custom-image.js";
import type { DropletInputs, DropletRecord } from "./droplet-record.js";
import { forwardAddresses } from "./forwarding.js";
import { enforceFirewalls } from "./packet-filter.js";
import type { SshKeyRecord } from "./ssh-key.js";
import { makeTags, requireTagName } from "./tag.js";
import { attachVolume, detachVolume } from "./volume.js";
import { volumeDisks } from "./volume-file.js";
import { defaultVpc, type VpcRecord } from "./vpc.js";

const REQUEST = "POST /v2/droplets";
/** docs.digitalocean.com, reference/api, POST /v2/droplets: `user_data` may be 64 KiB at most. */
const USER_DATA_LIMIT = 65_536;
/** Milliseconds that a droplet has for a graceful shutdown. */
const SHUTDOWN_LIMIT = 5_000;

/** `digitalocean.Droplet`: a machine on this host. */
export const droplet: SimulatedResource<DropletInputs, DropletRecord> = {
    kind: "droplets",
    // docs.digitalocean.com, reference/terraform/reference/resources/droplet: what forces a new droplet.
    replacedBy: [
        "image",
        "region",
        "sshKeys",
        "userData",
        "vpcUuid",
        "monitoring",
        "publicNetworking",
        "dropletAgent",
    ],
    defaults: { backups: false, gracefulShutdown: false, ipv6: false, monitoring: false },
    named: true,
    // The provider keeps no user-data but its SHA-1 (terraform-provider-digitalocean, util.HashString).
    stored: ({ userData }) => (userData === undefined ? {} : { userData: hashOf(userData) }),
    async create(inputs, account) {
        const keys = await requireDroplet(inputs, account);
        const { record, network } = await account.alone(() => reserve(inputs, account));
        try {
            await enforceFirewalls(account);
            await bootMachine(account, {
                id: machineName(record.id),
                hostname: inputs.name,
                network: {
                    id: network.id,
                    range: network.ipRange,
                    publicRange: network.publicRange,
                },
                privateIp: record.ipv4AddressPrivate,
                publicIp: record.ipv4Address,
                userData: inputs.userData ?? "",
                sshAuthorizedKeys: keys,
                disks: await volumeDisks(account, inputs.volumeIds ?? []),
            });
        } catch (cause) {
            await remove(record, account, 0);
            throw cause;
        }
        const { userData: _userData, ...outputs } = record;
        return { id: record.id, outputs };
    },
    async update(id, state, inputs, account) {
        const request = `POST /v2/droplets/${id}/actions`;
        const size = requireSize(request, inputs.size);
        for (const tag of inputs.tags ?? []) {
            requireTagName(request, tag);
        }
        await account.alone(async () => {
            await makeTags(account, inputs.tags ?? []);
            const kept = inputs.volumeIds ?? [];
            for (const volume of (state.volumeIds ?? []).filter((one) => !kept.includes(one))) {
                await detachVolume(volume, account);
            }
            for (const volume of kept) {
                await attachVolume(request, volume, Number(id), state.region, account);
            }
        });
        return { vcpus: size.vcpus, memory: size.memory };
    },
    async delete(id, state, account) {
        const found = await account.get<DropletRecord>("droplets", id);
        const limit = state.gracefulShutdown === true ? SHUTDOWN_LIMIT : 0;
        await remove(found ?? { ...state, id }, account, limit);
    },
    async changed(account) {
        await enforceFirewalls(account);
        await forwardAddresses(account);
    },
};

/** Name of a droplet's machine on this host. */
export function machineName(id: string): string {
    return `droplet-${id}`;
}

/** Refuses what the API refuses; answers with the public keys that the droplet gets. */
async function requireDroplet(inputs: DropletInputs, account: Account): Promise<string[]> {
    const region = requireRegion(REQUEST, inputs.region);
    requireSize(REQUEST, inputs.size);
    const image = await requireImage(REQUEST, inputs.image, region, account);
    // docs.digitalocean.com, reference/api, POST /v2/droplets: a name is made of what a host name may have.
    if (!/^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$/.test(inputs.name)) {
        const rule = "Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)";
        throw new ApiError(REQUEST, 422, `Droplet name "${inputs.name}": ${rule}`);
    }
    const bytes = Buffer.byteLength(inputs.userData ?? "");
    if (bytes > USER_DATA_LIMIT) {
        const reason = `User data is limited to ${USER_DATA_LIMIT} bytes, this is ${bytes}.`;
        throw new ApiError(REQUEST, 422, reason);
    }
    // docs.digitalocean.com, products/custom-images/details/limits: an SSH key is needed, no IPv6, no monitoring.
    if (image !== undefined && (inputs.sshKeys ?? []).length === 0) {
        const reason = "You must specify SSH keys when creating a Droplet with a custom image.";
        throw new ApiError(REQUEST, 422, reason);
    }
    if (image !== undefined && (inputs.ipv6 === true || inputs.monitoring === true)) {
        const reason = "IPv6 and monitoring are not available for Droplets of custom images.";
        throw new ApiError(REQUEST, 422, reason);
    }
    for (const tag of inputs.tags ?? []) {
        requireTagName(REQUEST, tag);
    }
    const keys = await account.list<SshKeyRecord>("ssh-keys");
    return (inputs.sshKeys ?? []).map((wanted) => {
        const key = keys.find(({ id, fingerprint }) => wanted === id || wanted === fingerprint);
        if (key === undefined) {
            const reason = `${wanted} are invalid key identifiers for Droplet creation.`;
            throw new ApiError(REQUEST, 422, reason);
        }
        return key.publicKey;
    });
}

/** Puts the droplet on record, with its addresses, before there is a machine. */
async function reserve(
    inputs: DropletInputs,
    account: Account,
): Promise<{ record: DropletRecord; network: VpcRecord }> {
    const network =
        inputs.vpcUuid === undefined
            ? await defaultVpc(inputs.region, account)
            : await account.get<VpcRecord>("vpcs", inputs.vpcUuid);
    if (network === undefined || network.region !== inputs.region) {
        const reason = `There is no VPC ${inputs.vpcUuid} in region ${inputs.region}.`;
        throw new ApiError(REQUEST, 422, reason);
    }
    const others = await account.list<DropletRecord>("droplets");
    const taken = others.flatMap((one) => [one.ipv4Address, one.ipv4AddressPrivate]);
    const reserved = (await account.list("reserved-ips")).map(({ id }) => id);
    const balancers = (await account.list("load-balancers")).map(({ ip }) => String(ip));
    const id = String(await account.nextNumber());
    const { userData, ...rest } = inputs;
    const size = requireSize(REQUEST, inputs.size);
    const record = {
        ...rest,
        ...(userData === undefined ? {} : { userData: hashOf(userData) }),
        id,
        vpcUuid: network.id,
        ipv4AddressPrivate: freeAddress(network.ipRange, taken),
        ipv4Address: freeAddress(network.publicRange, [...taken, ...reserved, ...balancers]),
        volumeIds: inputs.volumeIds ?? [],
        dropletUrn: `do:droplet:${id}`,
        createdAt: new Date().toISOString(),
        disk: size.disk,
        vcpus: size.vcpus,
        memory: size.memory,
        priceHourly: 0,
        priceMonthly: 0,
        locked: false,
        status: "active",
        privateNetworking: true,
        publicNetworking: true,
        ipv6Address: "",
    };
    for (const volume of record.volumeIds) {
        await attachVolume(REQUEST, volume, Number(id), inputs.region, account);
    }
    await makeTags(account, inputs.tags ?? []);
    await account.put("droplets", record);
    return { record, network };
}

async function remove(record: DropletRecord, account: Account, limit: number): Promise<void> {
    await destroyMachine(account, record.vpcUuid, machineName(record.id), limit);
    await account.alone(async () => {
        for (const volume of await account.list("volumes")) {
            const { dropletIds } = volume;
            if (Array.isArray(dropletIds) && dropletIds.includes(Number(record.id))) {
                await detachVolume(volume.id, account);
            }
        }
    });
    await account.remove("droplets", record.id);
}

function hashOf(text: string): string {
    return createHash("sha1").update(text).digest("hex");
}
