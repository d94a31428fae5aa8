import type { CloudRecord } from "../account.js";
import { ApiError, type SimulatedResource } from "../simulated-resource.js";
import { arn, awsId } from "./aws-id.js";
import type { InstanceRecord } from "./instance-record.js";

/** What a program asks for. */
export type InternetGatewayInputs = { readonly vpcId?: string };

/** `aws.ec2.InternetGateway`. It is kept on record: each machine here reaches the world by its host. */
export const internetGateway: SimulatedResource<
    InternetGatewayInputs,
    CloudRecord & InternetGatewayInputs
> = {
    kind: "internet-gateways",
    replacedBy: [],
    async create({ vpcId }, account) {
        const others = await account.list("internet-gateways");
        // docs.aws.amazon.com, vpc/latest/userguide/amazon-vpc-limits: one internet gateway for a VPC.
        if (vpcId !== undefined && others.some((other) => other["vpcId"] === vpcId)) {
            const reason = `Resource.AlreadyAssociated: resource ${vpcId} already has an internet gateway attached`;
            throw new ApiError("ec2 AttachInternetGateway", 400, reason);
        }
        const id = awsId("igw");
        return { id, outputs: { arn: arn("ec2", `internet-gateway/${id}`) } };
    },
    async update() {
        return {};
    },
    async delete(_id, { vpcId }, account) {
        const instances = await account.list<InstanceRecord>("instances");
        // docs.aws.amazon.com, AWSEC2/latest/APIReference/API_DetachInternetGateway: no public address may be mapped.
        if (instances.some((one) => one.vpcId === vpcId && one.publicIp !== "")) {
            const reason = `DependencyViolation: Network ${vpcId} has some mapped public address(es).`;
            throw new ApiError("ec2 DetachInternetGateway", 400, reason);
        }
    },
};

/** What a program asks for. */
export type RouteTableInputs = {
    readonly vpcId: string;
    readonly routes?: readonly { readonly cidrBlock?: string; readonly gatewayId?: string }[];
};

/** `aws.ec2.RouteTable`. */
export const routeTable: SimulatedResource<RouteTableInputs, CloudRecord & RouteTableInputs> = {
    kind: "route-tables",
    replacedBy: ["vpcId"],
    async create({ vpcId, routes = [] }, account) {
        for (const { gatewayId } of routes) {
            const gateway = await account.get("internet-gateways", gatewayId ?? "");
            // docs.aws.amazon.com, AWSEC2/latest/APIReference/errors-overview: `InvalidGatewayID.NotFound`.
            if (gateway?.["vpcId"] !== vpcId) {
                const reason = `InvalidGatewayID.NotFound: The gateway ID '${gatewayId}' does not exist in ${vpcId}`;
                throw new ApiError("ec2 CreateRoute", 400, reason);
            }
        }
        const id = awsId("rtb");
        return { id, outputs: { arn: arn("ec2", `route-table/${id}`) } };
    },
    async update() {
        return {};
    },
};

/** What a program asks for. */
export type RouteTableAssociationInputs = {
    readonly routeTableId: string;
    readonly subnetId?: string;
};

/** `aws.ec2.RouteTableAssociation`. */
export const routeTableAssociation: SimulatedResource<
    RouteTableAssociationInputs,
    CloudRecord & RouteTableAssociationInputs
> = {
    kind: "route-table-associations",
    replacedBy: ["subnetId"],
    async create({ subnetId }, account) {
        const others = await account.list("route-table-associations");
        // docs.aws.amazon.com, AWSEC2/latest/APIReference/errors-overview: a subnet has one route table.
        if (others.some((other) => other["subnetId"] === subnetId)) {
            const reason = `Resource.AlreadyAssociated: ${subnetId} has a route table already`;
            throw new ApiError("ec2 AssociateRouteTable", 400, reason);
        }
        return { id: awsId("rtbassoc"), outputs: {} };
    },
    async update() {
        return {};
    },
};
