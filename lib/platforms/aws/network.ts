import { getSubnet } from "@pulumi/aws/ec2/getSubnet";
import { InternetGateway } from "@pulumi/aws/ec2/internetGateway";
import { RouteTable } from "@pulumi/aws/ec2/routeTable";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation";
import { Subnet } from "@pulumi/aws/ec2/subnet";
import { Vpc } from "@pulumi/aws/ec2/vpc";
import { getAvailabilityZones } from "@pulumi/aws/getAvailabilityZones";
import * as pulumi from "@pulumi/pulumi";
import { rejectArguments } from "../../constructs/reject.js";
import { given, type Problem } from "../../problem.js";
import { type LookUps, lookedUp } from "../look-up.js";
import { type AwsArgs, type GivenVpcArgs, isGiven, type MadeVpcArgs } from "./args.js";
import { nameTags } from "./names.js";
import { type Offerings, typeInZoneProblems } from "./offer.js";
import { DEFAULT_ZONES, subnetCidrs, vpcCidr } from "./subnets.js";

/** Where a cluster's machines are. */
export interface Network {
    readonly vpcId: pulumi.Output<string>;
    readonly subnets: readonly {
        readonly id: pulumi.Output<string>;
        /** Its availability zone. */
        readonly zone: pulumi.Output<string>;
    }[];
    /** Ids of the subnets that a load balancer is in: one in each zone. */
    readonly balanced: pulumi.Output<string[]>;
    /** What must be there before any instance, so that it has a way out as soon as it boots. */
    readonly before: readonly pulumi.Resource[];
}

/** The network of a cluster: the given one, or one that is made for it. */
export function clusterNetwork(
    cluster: string,
    args: AwsArgs,
    lookUps: LookUps<Offerings>,
    opts: pulumi.CustomResourceOptions,
): Network {
    const { vpc = {} } = args;
    return isGiven(vpc)
        ? givenNetwork(cluster, vpc, lookUps)
        : madeNetwork(cluster, vpc, args, lookUps, opts);
}

function givenNetwork(cluster: string, vpc: GivenVpcArgs, lookUps: LookUps): Network {
    const vpcId = pulumi.output(vpc.id);
    const subnets = vpc.subnets.map((given, index) => {
        const found = pulumi
            .all([given.id, vpcId])
            .apply(([id, of]) => givenSubnet(cluster, { ...given, id, of, index }, lookUps));
        return { id: found.id, zone: found.zone };
    });
    // A load balancer takes one subnet of a zone, and reaches machines of the whole zone by it.
    const balanced = pulumi.all(subnets).apply((all) => {
        const zones = all.map(({ zone }) => zone);
        return all.filter(({ zone }, index) => zones.indexOf(zone) === index).map(({ id }) => id);
    });
    return { vpcId, subnets, balanced, before: [] };
}

async function givenSubnet(
    cluster: string,
    { id, of, cidr, index }: { id: string; of: string; cidr: string; index: number },
    lookUps: LookUps,
): Promise<{ id: string; zone: string }> {
    const path = `platform.vpc.subnets[${index}]`;
    const subject = `Cluster "${cluster}"`;
    const found = await lookedUp(
        (opts) => getSubnet({ id }, opts),
        lookUps,
        subject,
        (reason) => ({
            path: `${path}.id`,
            given: given(id),
            allowed: `that subnet can't be looked up in this region (${reason})`,
        }),
    );
    const { cidrBlock = cidr, vpcId = of, availabilityZone = "" } = found ?? {};
    const ofRange = { path: `${path}.cidr`, given: given(cidr) };
    const ofVpc = { path: `${path}.id`, given: given(id) };
    rejectArguments(subject, [
        ...(cidrBlock === cidr ? [] : [{ ...ofRange, allowed: `that subnet has ${cidrBlock}` }]),
        ...(vpcId === of
            ? []
            : [{ ...ofVpc, allowed: `that subnet is in ${vpcId}, not in ${of}` }]),
    ]);
    return { id, zone: availabilityZone };
}

function madeNetwork(
    cluster: string,
    { zones = DEFAULT_ZONES }: MadeVpcArgs,
    args: AwsArgs,
    lookUps: LookUps<Offerings>,
    opts: pulumi.CustomResourceOptions,
): Network {
    const tags = (what: string) => nameTags(args, cluster, what);
    const vpc = new Vpc(
        `${cluster}-vpc`,
        {
            cidrBlock: vpcCidr(cluster, args),
            enableDnsHostnames: true,
            enableDnsSupport: true,
            tags: tags("vpc"),
        },
        opts,
    );
    const gateway = new InternetGateway(
        `${cluster}-gateway`,
        { vpcId: vpc.id, tags: tags("gateway") },
        opts,
    );
    const routes = new RouteTable(
        `${cluster}-routes`,
        {
            vpcId: vpc.id,
            routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: gateway.id }],
            tags: tags("routes"),
        },
        opts,
    );
    const names = pulumi.output(zoneNames(cluster, zones, args, lookUps));
    const subnets = subnetCidrs(cluster, args).map(
        (cidrBlock, index) =>
            new Subnet(
                `${cluster}-subnet-${index + 1}`,
                {
                    vpcId: vpc.id,
                    cidrBlock,
                    availabilityZone: names.apply((all) => all[index] ?? ""),
                    tags: tags(`subnet-${index + 1}`),
                },
                // A zone that AWS adds to the region moves no subnet.
                { ...opts, ignoreChanges: typeof zones === "number" ? ["availabilityZone"] : [] },
            ),
    );
    const associations = subnets.map(
        (subnet, index) =>
            new RouteTableAssociation(
                `${cluster}-routes-${index + 1}`,
                { subnetId: subnet.id, routeTableId: routes.id },
                opts,
            ),
    );
    return {
        vpcId: vpc.id,
        subnets: subnets.map(({ id, availabilityZone: zone }) => ({ id, zone })),
        balanced: pulumi.all(subnets.map(({ id }) => id)),
        before: associations,
    };
}

/** Names of the zones to use, the first ones of the region where only a number was given. */
async function zoneNames(
    cluster: string,
    wanted: number | readonly string[],
    args: AwsArgs,
    lookUps: LookUps<Offerings>,
): Promise<readonly string[]> {
    const subject = `Cluster "${cluster}"`;
    const filters = [{ name: "opt-in-status", values: ["opt-in-not-required"] }];
    const found = await lookedUp(
        (opts) => getAvailabilityZones({ state: "available", filters }, opts),
        lookUps,
        subject,
        (reason) => ({
            path: "platform.vpc.zones",
            given: given(wanted),
            allowed: `the zones of this region can't be looked up (${reason})`,
        }),
    );
    const there = [...(found?.names ?? [])].sort();
    rejectArguments(subject, zoneProblems(wanted, there));
    const areNamed = typeof wanted !== "number";
    const names = areNamed ? wanted : there.slice(0, wanted);
    const offered = await lookUps.offered;
    rejectArguments(subject, typeInZoneProblems(args, offered, names, areNamed));
    return names;
}

/** Zones that the region has not. */
export function zoneProblems(
    wanted: number | readonly string[],
    there: readonly string[],
): Problem[] {
    const path = "platform.vpc.zones";
    const list = there.join(", ");
    if (typeof wanted === "number") {
        const allowed = `this region has ${there.length} zones, ${list}; ask for fewer`;
        return wanted <= there.length ? [] : [{ path, given: given(wanted), allowed }];
    }
    return wanted.flatMap((zone, index) =>
        there.includes(zone)
            ? []
            : [
                  {
                      path: `${path}[${index}]`,
                      given: given(zone),
                      allowed: `must be one of ${list}`,
                  },
              ],
    );
}
