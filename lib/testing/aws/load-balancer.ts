import type { Account } from "../account.js";
import { freeAddress } from "../machines.js";
import { ApiError, type SimulatedResource } from "../simulated-resource.js";
import { arn, awsId } from "./aws-id.js";
import { region } from "./catalog.js";
import { enforceNetwork } from "./forwarding.js";
import type { InstanceRecord } from "./instance-record.js";
import type {
    ListenerInputs,
    ListenerRecord,
    LoadBalancerInputs,
    LoadBalancerRecord,
    TargetGroupInputs,
    TargetGroupRecord,
    TargetInputs,
    TargetRecord,
} from "./load-balancer-record.js";
import type { SubnetRecord } from "./subnet.js";
import type { VpcRecord } from "./vpc.js";

/** docs.aws.amazon.com, elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer, API_CreateTargetGroup. */
const NAME = /^(?!internal-)[a-zA-Z0-9]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/;

/** `aws.lb.LoadBalancer`, of the type `network`. */
export const loadBalancer: SimulatedResource<LoadBalancerInputs, LoadBalancerRecord> = {
    kind: "load-balancers",
    replacedBy: ["name", "internal", "loadBalancerType"],
    named: true,
    async create(inputs, account) {
        const request = "elasticloadbalancing CreateLoadBalancer";
        const { name, loadBalancerType = "application" } = inputs;
        if (loadBalancerType !== "network") {
            throw new Error(`load balancers of the type ${loadBalancerType} are not simulated`);
        }
        return account.alone(async () => {
            await requireName(request, name, "load-balancers", account);
            const subnets = await requireSubnets(request, inputs.subnets ?? [], account);
            const vpc = await account.get<VpcRecord>("vpcs", subnets[0]?.vpcId ?? "");
            const id = arn("elasticloadbalancing", `loadbalancer/net/${name}/${awsId("lb")}`);
            const taken = [
                ...(await account.list<InstanceRecord>("instances")).map((one) => one.publicIp),
                ...(await account.list<LoadBalancerRecord>("load-balancers")).map(
                    (one) => one.address,
                ),
            ];
            const outputs = {
                arn: id,
                address: freeAddress(vpc?.publicRange ?? "", taken),
                dnsName: `${name}-0123456789abcdef.elb.${region}.amazonaws.com`,
                vpcId: vpc?.id,
            };
            await account.put("load-balancers", { ...inputs, ...outputs, id });
            return { id, outputs };
        });
    },
    async update(_id, _state, inputs, account) {
        await requireSubnets("elasticloadbalancing SetSubnets", inputs.subnets ?? [], account);
        return {};
    },
    changed: enforceNetwork,
};

/** `aws.lb.TargetGroup`. */
export const targetGroup: SimulatedResource<TargetGroupInputs, TargetGroupRecord> = {
    kind: "target-groups",
    replacedBy: ["name", "port", "protocol", "vpcId", "targetType"],
    named: true,
    async create({ name, port }, account) {
        const request = "elasticloadbalancing CreateTargetGroup";
        await requireName(request, name, "target-groups", account);
        if (!Number.isInteger(port) || port < 1 || port > 65_535) {
            throw new ApiError(request, 400, `ValidationError: Port ${port} is not 1 to 65535`);
        }
        const id = arn("elasticloadbalancing", `targetgroup/${name}/${awsId("tg")}`);
        return { id, outputs: { arn: id } };
    },
    async update() {
        return {};
    },
    async delete(id, _state, account) {
        const listeners = await account.list<ListenerRecord>("listeners");
        // elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup: not while a listener has it.
        if (listeners.some((one) => one.defaultActions.some((to) => to.targetGroupArn === id))) {
            const reason = `ResourceInUse: Target group '${id}' is currently in use by a listener or a rule`;
            throw new ApiError("elasticloadbalancing DeleteTargetGroup", 400, reason);
        }
    },
};

/** `aws.lb.Listener`. */
export const listener: SimulatedResource<ListenerInputs, ListenerRecord> = {
    kind: "listeners",
    replacedBy: ["loadBalancerArn"],
    async create({ loadBalancerArn, port }, account) {
        const request = "elasticloadbalancing CreateListener";
        const listeners = await account.list<ListenerRecord>("listeners");
        // elasticloadbalancing/latest/APIReference/API_CreateListener: a port once on a load balancer.
        if (listeners.some((one) => one.loadBalancerArn === loadBalancerArn && one.port === port)) {
            const reason = `DuplicateListener: A listener already exists on port ${port}`;
            throw new ApiError(request, 400, reason);
        }
        const id = `${loadBalancerArn.replace(":loadbalancer/", ":listener/")}/${awsId("l")}`;
        return { id, outputs: { arn: id } };
    },
    async update() {
        return {};
    },
    changed: enforceNetwork,
};

/** `aws.lb.TargetGroupAttachment`. */
export const targetGroupAttachment: SimulatedResource<TargetInputs, TargetRecord> = {
    kind: "targets",
    replacedBy: ["targetGroupArn", "targetId", "port"],
    async create({ targetId, targetGroupArn }, account) {
        const request = "elasticloadbalancing RegisterTargets";
        const found = await account.get<InstanceRecord>("instances", targetId);
        const group = await account.get<TargetGroupRecord>("target-groups", targetGroupArn);
        // elasticloadbalancing/latest/APIReference/API_RegisterTargets: an instance of the group's VPC.
        if (group === undefined || found === undefined || found.vpcId !== group.vpcId) {
            const reason = `InvalidTarget: The following targets are not in the target group VPC: '${targetId}'`;
            throw new ApiError(request, 400, reason);
        }
        return { id: awsId("target"), outputs: {} };
    },
    changed: enforceNetwork,
};

async function requireName(request: string, name: string, kind: string, account: Account) {
    if (!NAME.test(name)) {
        const reason = `ValidationError: The name '${name}' must have 1 to 32 letters, digits and hyphens`;
        throw new ApiError(request, 400, reason);
    }
    if ((await account.list(kind)).some((other) => other["name"] === name)) {
        throw new ApiError(request, 400, `DuplicateName: '${name}' already exists`);
    }
}

/** Source: elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer: one subnet for each zone. */
async function requireSubnets(
    request: string,
    ids: readonly string[],
    account: Account,
): Promise<SubnetRecord[]> {
    const found: SubnetRecord[] = [];
    for (const id of ids) {
        const subnet = await account.get<SubnetRecord>("subnets", id);
        if (subnet === undefined) {
            throw new ApiError(request, 400, `SubnetNotFound: '${id}' does not exist`);
        }
        if (found.some((other) => other.availabilityZone === subnet.availabilityZone)) {
            const reason =
                "InvalidConfigurationRequest: A load balancer cannot be attached to multiple subnets in the same Availability Zone";
            throw new ApiError(request, 400, reason);
        }
        found.push(subnet);
    }
    if (found.length === 0) {
        throw new ApiError(request, 400, "ValidationError: At least one subnet must be specified");
    }
    return found;
}
