import * as pulumi from "@pulumi/pulumi";
import type { ClusterMachine } from "./cluster-args.js";
import type { Connection } from "./connection.js";
import { referenceProblems } from "./constructs/cluster-reference-problems.js";
import { type DeepInput, resolved } from "./constructs/inputs.js";
import { rejectArguments } from "./constructs/reject.js";
import type { ServiceCluster } from "./service-cluster.js";

/** What another stack needs to know of a cluster to run services there: `Cluster.reference`, which is a secret. */
export interface ReferencedCluster {
    /** The cluster's name. */
    readonly name: string;
    /** Its machines, members first. */
    readonly machines: readonly ClusterMachine[];
    /** Identity of each machine's disk, by the machine's name. */
    readonly disks: Readonly<Record<string, string>>;
    /** How they are reached. A secret. */
    readonly connection: Connection;
}

/**
 * A cluster of another stack, for services of this one. That stack exports the cluster's `reference`:
 *
 * ```ts
 * export const cluster = demo.reference;
 * ```
 *
 * and this one reads it, from the same backend and with the same right to decrypt:
 *
 * ```ts
 * const infra = new pulumi.StackReference("acme/infra/prod");
 * const cluster = new coreos.ClusterReference("demo", infra.requireOutput("cluster"));
 * new coreos.Service("api", { cluster, unit: { Service: { ExecStart: "/opt/bin/api" } } });
 * ```
 *
 * It is as the other stack's last update left it. The preview judges the placement of this program's services as
 * on a cluster of its own; those of other stacks it doesn't know, and the update looks at the cluster itself again.
 * Units belong to the stack that declared them, so that no stack touches another's. Where machines or their disks
 * have changed, this stack's next update brings secrets there. Destroy the stacks of services before
 * the cluster's own: once no machine answers, their units can't be removed.
 *
 * @throws pulumi.RunError where the output is not a cluster's reference, or that of a cluster of another name
 */
export class ClusterReference implements ServiceCluster {
    /** Of the topology the name, which is known at every preview. */
    readonly shape: { readonly name: string };
    /** The machines, as the other stack's last update left them. */
    readonly machines: pulumi.Output<readonly ClusterMachine[]>;
    /** Identity of each machine's disk, by the machine's name. */
    readonly disks: pulumi.Output<Readonly<Record<string, string>>>;
    /** How the machines are reached, with their host keys. A secret. */
    readonly connection: pulumi.Output<Connection>;

    /**
     * @param name the cluster's name, as the other program has it
     * @param reference its `reference`, as an output of that stack
     */
    constructor(name: string, reference: DeepInput<ReferencedCluster>) {
        const known = resolved<ReferencedCluster>(reference).apply((given) => {
            rejectArguments(`ClusterReference "${name}"`, referenceProblems(name, given));
            return given;
        });
        this.shape = { name };
        this.machines = pulumi.unsecret(known.apply(({ machines }) => machines));
        this.disks = pulumi.unsecret(known.apply(({ disks }) => disks));
        this.connection = pulumi.secret(known.apply(({ connection }) => connection));
    }

    /** The machines, under the name that a `Cluster` has for its plan. */
    get plan(): pulumi.Output<readonly ClusterMachine[]> {
        return this.machines;
    }
}
