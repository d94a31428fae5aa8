import { overlaps, parseAddress, parseSubnet } from "../../platforms/local/subnet.js";
import type { Account, CloudRecord } from "../account.js";
import { ApiError, type SimulatedResource } from "../simulated-resource.js";
import { arn, awsId } from "./aws-id.js";
import { requireZone, zones } from "./catalog.js";
import type { InstanceRecord } from "./instance-record.js";
import { isWithin, type VpcRecord } from "./vpc.js";

/** What a program asks for. */
export type SubnetInputs = {
    readonly vpcId: string;
    readonly cidrBlock: string;
    readonly availabilityZone?: string;
    readonly mapPublicIpOnLaunch?: boolean;
    readonly tags?: Readonly<Record<string, string>>;
};

/** A subnet of the account. */
export type SubnetRecord = CloudRecord & SubnetInputs & { readonly availabilityZone: string };

const REQUEST = "ec2 CreateSubnet";

/** `aws.ec2.Subnet`. */
export const subnet: SimulatedResource<SubnetInputs, SubnetRecord> = {
    kind: "subnets",
    replacedBy: ["vpcId", "cidrBlock", "availabilityZone"],
    defaults: { mapPublicIpOnLaunch: false },
    async create(inputs, account) {
        const { vpcId, cidrBlock } = inputs;
        const availabilityZone = requireZone(REQUEST, inputs.availabilityZone ?? zones[0] ?? "");
        const vpc = await account.get<VpcRecord>("vpcs", vpcId);
        if (vpc === undefined) {
            const reason = `InvalidVpcID.NotFound: The vpc ID '${vpcId}' does not exist`;
            throw new ApiError(REQUEST, 400, reason);
        }
        // docs.aws.amazon.com, vpc/latest/userguide/subnet-sizing: /16 to /28, inside its VPC.
        const range = parseSubnet(cidrBlock);
        if (range === undefined || range.prefix > 28 || !isWithin(cidrBlock, vpc.cidrBlock)) {
            const reason = `InvalidSubnet.Range: The CIDR '${cidrBlock}' is invalid.`;
            throw new ApiError(REQUEST, 400, reason);
        }
        const others = await account.list<SubnetRecord>("subnets");
        // docs.aws.amazon.com, vpc/latest/userguide/subnet-sizing: subnets of a VPC can not overlap.
        const other = others.find((one) => {
            const parsed = parseSubnet(one.cidrBlock);
            return one.vpcId === vpcId && parsed !== undefined && overlaps(parsed, range);
        });
        if (other !== undefined) {
            const reason = `InvalidSubnet.Conflict: The CIDR '${cidrBlock}' conflicts with another subnet`;
            throw new ApiError(REQUEST, 400, reason);
        }
        const id = awsId("subnet");
        return { id, outputs: { availabilityZone, arn: arn("ec2", `subnet/${id}`) } };
    },
    async update() {
        return {};
    },
    async delete(id, _state, account) {
        const instances = await account.list<InstanceRecord>("instances");
        // docs.aws.amazon.com, AWSEC2/latest/APIReference/API_DeleteSubnet: all instances in it go first.
        if (instances.some(({ subnetId }) => subnetId === id)) {
            const reason = `DependencyViolation: The subnet '${id}' has dependencies and cannot be deleted.`;
            throw new ApiError("ec2 DeleteSubnet", 400, reason);
        }
    },
};

/** First addresses of a subnet that AWS keeps for itself, beside the last one. */
const RESERVED = 4;

/**
 * The private address of a new instance: the one that was asked for, or the first free one.
 * Source: docs.aws.amazon.com, vpc/latest/userguide/subnet-sizing: the first four and the last are reserved;
 * AWSEC2/latest/APIReference/errors-overview: `InvalidIPAddress.InUse`, `InvalidParameterValue`.
 */
export async function requireAddress(
    request: string,
    within: SubnetRecord,
    asked: string | undefined,
    account: Account,
): Promise<string> {
    const range = parseSubnet(within.cidrBlock);
    const instances = await account.list<InstanceRecord>("instances");
    const taken = new Set(instances.map(({ privateIp }) => privateIp));
    const size = range === undefined ? 0 : 2 ** (32 - range.prefix);
    if (range === undefined || asked === undefined) {
        for (let n = RESERVED; n < size - 1 && range !== undefined; n++) {
            const found = addressOf(range.base + n);
            if (!taken.has(found)) {
                return found;
            }
        }
        const reason = `InsufficientFreeAddressesInSubnet: There are not enough free addresses in subnet '${within.id}'.`;
        throw new ApiError(request, 400, reason);
    }
    const offset = (parseAddress(asked)?.address ?? -1) - range.base;
    if (offset < 0 || offset >= size) {
        const reason = `InvalidParameterValue: Address ${asked} does not fall within the subnet's address range`;
        throw new ApiError(request, 400, reason);
    }
    if (offset < RESERVED || offset === size - 1) {
        const reason = `InvalidParameterValue: Address ${asked} is in subnet's reserved address range`;
        throw new ApiError(request, 400, reason);
    }
    if (taken.has(asked)) {
        throw new ApiError(request, 400, `InvalidIPAddress.InUse: Address ${asked} is in use.`);
    }
    return asked;
}

function addressOf(address: number): string {
    return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
