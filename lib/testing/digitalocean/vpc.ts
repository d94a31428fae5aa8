import { randomUUID } from "node:crypto";
import { overlaps, parseSubnet } from "../../platforms/local/subnet.js";
import type { Account, CloudRecord } from "../account.js";
import { freeRange, PUBLIC_RANGES, takenOnHost } from "../free-range.js";
import { ApiError, type SimulatedResource } from "../simulated-resource.js";
import { requireRegion } from "./catalog.js";
import type { DropletRecord } from "./droplet-record.js";

/** What a program asks for. */
export type VpcInputs = {
    readonly name: string;
    readonly region: string;
    readonly ipRange?: string;
    readonly description?: string;
};

/** A VPC of the account. */
export type VpcRecord = CloudRecord &
    VpcInputs & {
        readonly ipRange: string;
        readonly default: boolean;
        /** Where the public addresses of its droplets come from; no part of the real API. */
        readonly publicRange: string;
    };

const REQUEST = "POST /v2/vpcs";
/** docs.digitalocean.com, products/networking/vpc/details/limits: RFC 1918, no larger than /16, no smaller than /28. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
/** Where the cloud looks for a range by itself: away from what local networks take. */
const OWN_RANGES = { base: "10.192.0.0/10", prefix: 20 };

/** `digitalocean.Vpc`. */
export const vpc: SimulatedResource<VpcInputs, VpcRecord> = {
    kind: "vpcs",
    replacedBy: ["region", "ipRange"],
    named: true,
    async create(inputs, account) {
        const made = await account.alone(() => makeVpc(inputs, account, false));
        const { id, ipRange, publicRange } = made;
        const outputs = { ipRange, publicRange, default: false, vpcUrn: `do:vpc:${id}` };
        return { id, outputs: { ...outputs, createdAt: new Date().toISOString() } };
    },
    async update() {
        return {};
    },
    async delete(id, _state, account) {
        const members = await account.list<DropletRecord>("droplets");
        // docs.digitalocean.com, reference/pydo/reference/vpcs/delete: 403 for a VPC that still has members.
        if (members.some(({ vpcUuid }) => vpcUuid === id)) {
            throw new ApiError(`DELETE /v2/vpcs/${id}`, 403, "Can not delete VPC with members.");
        }
    },
};

/** The region's default VPC, which is there for what names none; made when it is first needed. */
export async function defaultVpc(region: string, account: Account): Promise<VpcRecord> {
    const all = await account.list<VpcRecord>("vpcs");
    const found = all.find((one) => one.default && one.region === region);
    return found ?? makeVpc({ name: `default-${region}`, region }, account, true);
}

async function makeVpc(
    inputs: VpcInputs,
    account: Account,
    isDefault: boolean,
): Promise<VpcRecord> {
    const region = requireRegion(REQUEST, inputs.region);
    const others = await account.list<VpcRecord>("vpcs");
    // docs.digitalocean.com, reference/terraform/reference/resources/vpc: unique; letters, digits, dashes, periods.
    if (!/^[a-zA-Z0-9.-]+$/.test(inputs.name)) {
        throw new ApiError(REQUEST, 422, `VPC name "${inputs.name}" is not valid.`);
    }
    if (others.some(({ name }) => name === inputs.name)) {
        throw new ApiError(REQUEST, 422, `A VPC of the name "${inputs.name}" already exists.`);
    }
    if (inputs.ipRange !== undefined) {
        requireRange(inputs.ipRange, others);
    }
    const seed = `${account.directory} ${inputs.name}`;
    const taken = [...(await takenOnHost()), ...others.flatMap((o) => [o.ipRange, o.publicRange])];
    const ipRange = inputs.ipRange ?? freeRange(OWN_RANGES, seed, taken);
    const publicRange = freeRange(PUBLIC_RANGES, seed, taken);
    const record = { ...inputs, region, id: randomUUID(), ipRange, publicRange };
    await account.put("vpcs", { ...record, default: isDefault });
    return { ...record, default: isDefault };
}

function requireRange(text: string, others: readonly VpcRecord[]): void {
    const range = parseSubnet(text);
    const inside = (outer: string) => {
        const parsed = parseSubnet(outer);
        return parsed !== undefined && range !== undefined && overlaps(parsed, range);
    };
    if (range === undefined || range.prefix < 16 || range.prefix > 28 || !PRIVATE.some(inside)) {
        const rule = "it must be a private network (RFC 1918) from /16 to /28";
        throw new ApiError(REQUEST, 422, `This range/size is not valid, "${text}": ${rule}.`);
    }
    // docs.digitalocean.com, reference/api, POST /v2/vpcs: ranges of one account can not overlap.
    const other = others.find(({ ipRange }) => inside(ipRange));
    if (other !== undefined) {
        const reason = `This range/size overlaps with another VPC network in your account: ${other.name}.`;
        throw new ApiError(REQUEST, 422, reason);
    }
}
