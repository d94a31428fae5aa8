import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup";
import type * as pulumi from "@pulumi/pulumi";
import { type ClusterShape, groupsOf } from "../../plan/shape.js";
import { cloudName } from "../cloud-name.js";
import type { AwsArgs } from "./args.js";
import { nameTags } from "./names.js";

const EVERYWHERE = ["0.0.0.0/0", "::/0"];

/**
 * The security groups of a cluster, by the name of the machines' group: inside the cluster everything is let through,
 * from outside SSH and each group's exposed ports.
 */
export function securityGroups(
    shape: ClusterShape,
    vpcId: pulumi.Input<string>,
    args: AwsArgs,
    opts: pulumi.CustomResourceOptions,
): Record<string, pulumi.Output<string>[]> {
    const { name } = shape;
    const inside = new SecurityGroup(
        `${name}-firewall`,
        {
            name: cloudName("-", name),
            description: `Cluster ${name}`,
            vpcId,
            ingress: [
                { protocol: "-1", fromPort: 0, toPort: 0, self: true },
                { protocol: "tcp", fromPort: 22, toPort: 22, ...sources(args.sshFrom) },
            ],
            egress: [{ protocol: "-1", fromPort: 0, toPort: 0, ...sources(undefined) }],
            tags: nameTags(args, name),
        },
        opts,
    );
    const ofGroups = groupsOf(shape).map(([group, { expose = [] }]) => {
        if (expose.length === 0) {
            return [group, [inside.id]];
        }
        const exposed = new SecurityGroup(
            `${name}-${group}-firewall`,
            {
                name: cloudName("-", name, group),
                description: `Exposed ports of ${group} in cluster ${name}`,
                vpcId,
                ingress: expose.map((port) => ({
                    protocol: "tcp",
                    fromPort: port,
                    toPort: port,
                    ...sources(undefined),
                })),
                tags: nameTags(args, name, group),
            },
            opts,
        );
        return [group, [inside.id, exposed.id]];
    });
    return Object.fromEntries(ofGroups);
}

/** Addresses and networks as rules have them: IPv4 and IPv6 apart, each with its prefix. */
function sources(from: readonly string[] = EVERYWHERE) {
    const networks = from.map((one) =>
        one.includes("/") ? one : `${one}/${one.includes(":") ? 128 : 32}`,
    );
    return {
        cidrBlocks: networks.filter((network) => !network.includes(":")),
        ipv6CidrBlocks: networks.filter((network) => network.includes(":")),
    };
}
