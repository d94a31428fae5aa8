import type * as pulumi from "@pulumi/pulumi";
import type { Connection } from "./connection.js";

/** What a service's placement goes by of a machine. */
export interface ServiceMachine {
    /** Host name. */
    readonly name: string;
    /** fleet metadata. */
    readonly metadata: Readonly<Record<string, string>>;
    /** Whether it runs fleet, and so services. */
    readonly fleet: boolean;
}

/**
 * A cluster that services run on: a `Cluster` of the same program, or a `ClusterReference` to one of another stack,
 * of which everything but the name may be known only later.
 */
export interface ServiceCluster {
    /** Its topology, of which services want the name alone: part of who owns their units. */
    readonly shape: { readonly name: string };
    /** Its machines. */
    readonly plan: readonly ServiceMachine[] | pulumi.Output<readonly ServiceMachine[]>;
    /** Identity of each machine's disk by the machine's name: another one holds nothing of what was delivered to it. */
    readonly disks:
        | Readonly<Record<string, pulumi.Output<string>>>
        | pulumi.Output<Readonly<Record<string, string>>>;
    /** How the machines are reached, with their host keys. */
    readonly connection: pulumi.Output<Connection>;
    /** With what the services are gone too; absent where that is another stack's. */
    readonly readiness?: pulumi.Resource;
}

/** What spares a service its removal: the cluster's own end, where this program declares it. */
export function goneWith({ readiness }: ServiceCluster): pulumi.CustomResourceOptions {
    return readiness === undefined ? {} : { deletedWith: readiness };
}
