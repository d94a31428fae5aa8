import { ApiError, type SimulatedResource } from "../simulated-resource.js";
import { arn, awsId } from "./aws-id.js";
import type { InstanceRecord } from "./instance-record.js";
import { enforceSecurityGroups } from "./packet-filter.js";
import type { SecurityGroupInputs, SecurityGroupRecord } from "./security-group-record.js";

/** `aws.ec2.SecurityGroup`, with its rules. */
export const securityGroup: SimulatedResource<SecurityGroupInputs, SecurityGroupRecord> = {
    kind: "security-groups",
    replacedBy: ["name", "description", "vpcId"],
    defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
    named: true,
    async create(inputs, account) {
        const request = "ec2 CreateSecurityGroup";
        const { name, vpcId } = inputs;
        // docs.aws.amazon.com, AWSEC2/latest/APIReference/API_CreateSecurityGroup: names and descriptions.
        if (!/^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/.test(name)) {
            const reason = `InvalidParameterValue: Value (${name}) for parameter GroupName is invalid.`;
            throw new ApiError(request, 400, reason);
        }
        if ((await account.get("vpcs", vpcId)) === undefined) {
            const reason = `InvalidVpcID.NotFound: The vpc ID '${vpcId}' does not exist`;
            throw new ApiError(request, 400, reason);
        }
        const others = await account.list<SecurityGroupRecord>("security-groups");
        if (others.some((other) => other.name === name && other.vpcId === vpcId)) {
            const reason = `InvalidGroup.Duplicate: The security group '${name}' already exists for VPC '${vpcId}'`;
            throw new ApiError(request, 400, reason);
        }
        requireRules(inputs);
        const id = awsId("sg");
        return { id, outputs: { arn: arn("ec2", `security-group/${id}`) } };
    },
    async update(_id, _state, inputs) {
        requireRules(inputs);
        return {};
    },
    async delete(id, _state, account) {
        const instances = await account.list<InstanceRecord>("instances");
        // docs.aws.amazon.com, AWSEC2/latest/APIReference/API_DeleteSecurityGroup: not while something has it.
        if (instances.some(({ vpcSecurityGroupIds = [] }) => vpcSecurityGroupIds.includes(id))) {
            const reason = `DependencyViolation: resource ${id} has a dependent object`;
            throw new ApiError("ec2 DeleteSecurityGroup", 400, reason);
        }
    },
    changed: enforceSecurityGroups,
};

/** Source: docs.aws.amazon.com, AWSEC2/latest/APIReference/API_IpPermission. */
function requireRules({ ingress = [], egress = [] }: SecurityGroupInputs): void {
    const request = "ec2 AuthorizeSecurityGroupIngress";
    for (const { protocol, fromPort, toPort, cidrBlocks = [] } of [...ingress, ...egress]) {
        const ports = [fromPort, toPort];
        const valid =
            protocol === "-1"
                ? ports.every((port) => port === 0)
                : ports.every((port) => port >= 0 && port <= 65_535) && fromPort <= toPort;
        if (!valid) {
            const reason = `InvalidParameterValue: Invalid port range ${fromPort}-${toPort} for ${protocol}`;
            throw new ApiError(request, 400, reason);
        }
        for (const cidr of cidrBlocks) {
            if (!/^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/.test(cidr)) {
                const reason = `InvalidParameterValue: CIDR block ${cidr} is malformed`;
                throw new ApiError(request, 400, reason);
            }
        }
    }
}
