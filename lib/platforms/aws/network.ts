import { getSubnetOutput } from "@pulumi/aws/ec2/getSubnet";
import { InternetGateway } from "@pulumi/aws/ec2/internetGateway";
import { RouteTable } from "@pulumi/aws/ec2/routeTable";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation";
import { Subnet } from "@pulumi/aws/ec2/subnet";
import { Vpc } from "@pulumi/aws/ec2/vpc";
import { getAvailabilityZonesOutput } from "@pulumi/aws/getAvailabilityZones";
import * as pulumi from "@pulumi/pulumi";
import { rejectArguments } from "../../constructs/reject.js";
import { given, type Problem } from "../../problem.js";
import { type AwsArgs, type GivenVpcArgs, isGiven, type MadeVpcArgs } from "./args.js";
import { nameTags } from "./names.js";
import { DEFAULT_ZONES, subnetCidrs, vpcCidr } from "./subnets.js";

/** Where a cluster's machines are. */
export interface Network {
    readonly vpcId: pulumi.Output<string>;
    readonly subnets: readonly {
        readonly id: pulumi.Output<string>;
        /** Its availability zone. */
        readonly zone: pulumi.Output<string>;
    }[];
    /** What must be there before any instance, so that it has a way out as soon as it boots. */
    readonly before: readonly pulumi.Resource[];
}

/** The network of a cluster: the given one, or one that is made for it. */
export function clusterNetwork(
    cluster: string,
    args: AwsArgs,
    opts: pulumi.CustomResourceOptions,
): Network {
    const { vpc = {} } = args;
    return isGiven(vpc) ? givenNetwork(cluster, vpc, opts) : madeNetwork(cluster, vpc, args, opts);
}

function givenNetwork(
    cluster: string,
    vpc: GivenVpcArgs,
    opts: pulumi.CustomResourceOptions,
): Network {
    const vpcId = pulumi.output(vpc.id);
    const subnets = vpc.subnets.map(({ id, cidr }, index) => {
        const found = getSubnetOutput({ id }, opts);
        const checked = pulumi
            .all([found.cidrBlock, found.vpcId, vpcId])
            .apply(([really, of, wanted]) => {
                const path = `platform.vpc.subnets[${index}]`;
                const problems: Problem[] = [
                    ...(really === cidr
                        ? []
                        : [
                              {
                                  path: `${path}.cidr`,
                                  given: given(cidr),
                                  allowed: `that subnet has ${really}`,
                              },
                          ]),
                    ...(of === wanted
                        ? []
                        : [
                              {
                                  path: `${path}.id`,
                                  given: given(found.id),
                                  allowed: `that subnet is in ${of}, not in ${wanted}`,
                              },
                          ]),
                ];
                rejectArguments(`Cluster "${cluster}"`, problems);
                return true;
            });
        return {
            id: pulumi.all([id, checked]).apply(([known]) => known),
            zone: found.availabilityZone,
        };
    });
    return { vpcId, subnets, before: [] };
}

function madeNetwork(
    cluster: string,
    { zones = DEFAULT_ZONES }: MadeVpcArgs,
    args: AwsArgs,
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
    const names = zoneNames(cluster, zones, opts);
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
        before: associations,
    };
}

/** Names of the zones to use, the first ones of the region where only a number was given. */
function zoneNames(
    cluster: string,
    wanted: number | readonly string[],
    opts: pulumi.CustomResourceOptions,
): pulumi.Output<readonly string[]> {
    const { parent, provider } = opts;
    const filters = [{ name: "opt-in-status", values: ["opt-in-not-required"] }];
    return getAvailabilityZonesOutput(
        { state: "available", filters },
        {
            ...(parent === undefined ? {} : { parent }),
            ...(provider === undefined ? {} : { provider }),
        },
    ).names.apply((there) => {
        const sorted = [...there].sort();
        rejectArguments(`Cluster "${cluster}"`, zoneProblems(wanted, sorted));
        return typeof wanted === "number" ? sorted.slice(0, wanted) : wanted;
    });
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
