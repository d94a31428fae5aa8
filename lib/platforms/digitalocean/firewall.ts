import { Firewall } from "@pulumi/digitalocean/firewall";
import { Tag } from "@pulumi/digitalocean/tag";
import type * as pulumi from "@pulumi/pulumi";
import { type ClusterShape, groupsOf } from "../../plan/shape.js";
import { cloudName } from "../cloud-name.js";
import { clusterTag, groupTag } from "./names.js";

const EVERYWHERE = ["0.0.0.0/0", "::/0"];
const PROTOCOLS = ["tcp", "udp", "icmp"] as const;

/**
 * The firewalls of a cluster. They go by tags that are there before any droplet, so that no droplet is ever without:
 * inside the cluster everything is let through, from outside SSH and each group's exposed ports.
 */
export function clusterFirewalls(
    shape: ClusterShape,
    sshFrom: readonly string[] | undefined,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
    const { name } = shape;
    const tag = new Tag(`${name}-tag`, { name: clusterTag(name) }, opts);
    const inside = new Firewall(
        `${name}-firewall`,
        {
            name: cloudName("-", name),
            tags: [tag.name],
            inboundRules: [
                ...PROTOCOLS.map((protocol) => ({
                    protocol,
                    ...(protocol === "icmp" ? {} : { portRange: "1-65535" }),
                    sourceTags: [tag.name],
                })),
                {
                    protocol: "tcp",
                    portRange: "22",
                    sourceAddresses: [...(sshFrom ?? EVERYWHERE)],
                },
            ],
            outboundRules: PROTOCOLS.map((protocol) => ({
                protocol,
                ...(protocol === "icmp" ? {} : { portRange: "1-65535" }),
                destinationAddresses: EVERYWHERE,
            })),
        },
        opts,
    );
    const ofGroups = groupsOf(shape).flatMap(([group, { expose = [] }]) => {
        const own = new Tag(`${name}-${group}-tag`, { name: groupTag(name, group) }, opts);
        if (expose.length === 0) {
            return [own];
        }
        const exposed = new Firewall(
            `${name}-${group}-firewall`,
            {
                name: cloudName("-", name, group),
                tags: [own.name],
                inboundRules: expose.map((port) => ({
                    protocol: "tcp",
                    portRange: String(port),
                    sourceAddresses: EVERYWHERE,
                })),
            },
            opts,
        );
        return [own, exposed];
    });
    return [tag, inside, ...ofGroups];
}
