import { overlaps, parseSubnet } from "../../platforms/local/subnet.js";
import type { CloudRecord } from "../account.js";
import { freeRange, PUBLIC_RANGES, takenOnHost } from "../free-range.js";
import { ApiError, type SimulatedResource } from "../simulated-resource.js";
import { arn, awsId } from "./aws-id.js";

/** What a program asks for. */
export type VpcInputs = {
    readonly cidrBlock: string;
    readonly enableDnsHostnames?: boolean;
    readonly tags?: Readonly<Record<string, string>>;
};

/** A VPC of the account. */
export type VpcRecord = CloudRecord &
    VpcInputs & {
        /** Where the public addresses of its instances come from; no part of the real API. */
        readonly publicRange: string;
    };

/** What may stand in a VPC, and keeps it from being deleted. */
const CONTENTS = ["subnets", "internet-gateways", "security-groups", "route-tables"];

/** `aws.ec2.Vpc`. */
export const vpc: SimulatedResource<VpcInputs, VpcRecord> = {
    kind: "vpcs",
    replacedBy: ["cidrBlock", "instanceTenancy"],
    async create({ cidrBlock }, account) {
        const range = parseSubnet(cidrBlock);
        // docs.aws.amazon.com, vpc/latest/userguide/vpc-cidr-blocks: /16 to /28.
        if (range === undefined || range.prefix < 16 || range.prefix > 28) {
            const reason = `InvalidVpc.Range: The CIDR '${cidrBlock}' is invalid.`;
            throw new ApiError("ec2 CreateVpc", 400, reason);
        }
        const others = await account.list<VpcRecord>("vpcs");
        const taken = [...(await takenOnHost()), ...others.map((other) => other.publicRange)];
        const id = awsId("vpc");
        const publicRange = freeRange(PUBLIC_RANGES, `${account.directory} ${id}`, taken);
        return { id, outputs: { publicRange, arn: arn("ec2", `vpc/${id}`) } };
    },
    async update() {
        return {};
    },
    async delete(id, _state, account) {
        for (const kind of CONTENTS) {
            const [content] = (await account.list(kind)).filter((one) => one["vpcId"] === id);
            // docs.aws.amazon.com, AWSEC2/latest/APIReference/API_DeleteVpc: everything in it goes first.
            if (content !== undefined) {
                const reason = `DependencyViolation: The vpc '${id}' has dependencies and cannot be deleted: ${content.id}.`;
                throw new ApiError("ec2 DeleteVpc", 400, reason);
            }
        }
    },
};

/** Whether one network lies in another. */
export function isWithin(inner: string, outer: string): boolean {
    const [small, large] = [parseSubnet(inner), parseSubnet(outer)];
    return (
        small !== undefined &&
        large !== undefined &&
        large.prefix <= small.prefix &&
        overlaps(small, large)
    );
}
