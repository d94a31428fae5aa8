import { LoadBalancer } from "@pulumi/digitalocean/loadBalancer";
import type * as pulumi from "@pulumi/pulumi";
import { cloudName } from "../cloud-name.js";
import type { DigitalOceanArgs } from "./args.js";
import { groupTag } from "./names.js";

/** A load balancer for the exposed ports of a worker group. */
export function groupLoadBalancer(
    cluster: string,
    group: string,
    ports: readonly number[],
    vpcUuid: pulumi.Input<string>,
    { region }: DigitalOceanArgs,
    opts: pulumi.CustomResourceOptions,
): LoadBalancer {
    return new LoadBalancer(
        `${cluster}-${group}-load-balancer`,
        {
            name: cloudName("-", cluster, group),
            region,
            vpcUuid,
            dropletTag: groupTag(cluster, group),
            forwardingRules: ports.map((port) => ({
                entryPort: port,
                entryProtocol: "tcp",
                targetPort: port,
                targetProtocol: "tcp",
            })),
            healthcheck: { port: ports[0] ?? 0, protocol: "tcp" },
        },
        opts,
    );
}
