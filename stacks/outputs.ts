import * as pulumi from "@pulumi/pulumi";
import type { Cluster, Service } from "pulumi-coreos";

/** What every stack shows; the commands (`npm run status`, …) go by it. */
export function outputsOf(cluster: Cluster, services: readonly Service[]) {
    const { machines, etcdEndpoints, sshConfig, sshPrivateKey } = cluster;
    const running = pulumi.all(services.map(({ id }) => id));
    return {
        machines,
        etcdEndpoints,
        sshConfig,
        sshPrivateKey,
        connection: pulumi.secret(cluster.connection),
        /** For services of other stacks. */
        cluster: cluster.reference,
        services: services.map(({ summary }) => summary),
        urls: pulumi.all([cluster.urls, running]).apply(([urls]) => urls),
    };
}
