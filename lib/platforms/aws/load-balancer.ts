import { Listener } from "@pulumi/aws/lb/listener";
import { LoadBalancer } from "@pulumi/aws/lb/loadBalancer";
import { TargetGroup } from "@pulumi/aws/lb/targetGroup";
import { TargetGroupAttachment } from "@pulumi/aws/lb/targetGroupAttachment";
import type * as pulumi from "@pulumi/pulumi";
import type { PlannedMachine } from "../../plan/shape.js";
import type { CreatedMachine } from "../../platform.js";
import type { AwsArgs } from "./args.js";
import { nameTags, shortName } from "./names.js";
import type { Network } from "./network.js";

/** docs.aws.amazon.com, elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer. */
const NAME_LENGTH = 32;

/** A network load balancer for the exposed ports of a worker group. */
export function groupLoadBalancer(
    cluster: string,
    group: string,
    machines: readonly (PlannedMachine & Pick<CreatedMachine, "id">)[],
    network: Network,
    args: AwsArgs,
    opts: pulumi.CustomResourceOptions,
): LoadBalancer {
    const tags = nameTags(args, cluster, group);
    const balancer = new LoadBalancer(
        `${cluster}-${group}-load-balancer`,
        {
            name: shortName(NAME_LENGTH, cluster, group),
            loadBalancerType: "network",
            internal: args.publicAddresses === false,
            subnets: network.balanced,
            enableCrossZoneLoadBalancing: true,
            tags,
        },
        // One that faces the Internet wants the way out to be there.
        { ...opts, dependsOn: [...network.before] },
    );
    for (const port of machines[0]?.expose ?? []) {
        const target = new TargetGroup(
            `${cluster}-${group}-${port}`,
            {
                name: shortName(NAME_LENGTH, cluster, group, String(port)),
                port,
                protocol: "TCP",
                vpcId: network.vpcId,
                targetType: "instance",
                healthCheck: { protocol: "TCP", interval: 10, healthyThreshold: 2 },
                deregistrationDelay: 30,
                tags,
            },
            opts,
        );
        new Listener(
            `${cluster}-${group}-${port}`,
            {
                loadBalancerArn: balancer.arn,
                port,
                protocol: "TCP",
                defaultActions: [{ type: "forward", targetGroupArn: target.arn }],
                tags,
            },
            opts,
        );
        for (const { name, id: targetId } of machines) {
            const attachment = { targetGroupArn: target.arn, targetId, port };
            new TargetGroupAttachment(`${name}-${port}`, attachment, opts);
        }
    }
    return balancer;
}
