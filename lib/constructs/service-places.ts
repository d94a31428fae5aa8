import * as pulumi from "@pulumi/pulumi";
import { given, type Problem } from "../problem.js";
import type { ServiceCluster, ServiceMachine } from "../service-cluster.js";
import { isKnown } from "./inputs.js";

/** Where fleet may put a cluster's services. */
export interface Places {
    /** The machines that run fleet; all, where none does: that alone is the problem then. */
    readonly machines: readonly ServiceMachine[];
    /** What keeps the cluster from running any service. */
    readonly problems: readonly Problem[];
}

/** Where services of a cluster may be: known while the program runs, or once another stack's outputs are. */
export function placesOf({ shape, plan }: ServiceCluster): Places | pulumi.Output<Places> {
    const places = (machines: readonly ServiceMachine[]): Places => {
        const able = machines.filter(({ fleet }) => fleet);
        const allowed = "has no fleet to run it; leave `etcd` and `fleet` on there";
        return able.length > 0
            ? { machines: able, problems: [] }
            : { machines, problems: [{ path: "cluster", given: given(shape.name), allowed }] };
    };
    return pulumi.Output.isInstance(plan) ? plan.apply(places) : places(plan);
}

const told = new WeakSet<ServiceCluster>();

/**
 * What is known of the places in this run. Where nothing is, in a preview, that is said once for the cluster, and the
 * update judges the placement.
 */
export function knownPlaces(
    cluster: ServiceCluster,
    places: pulumi.Output<Places>,
): pulumi.Output<Places | undefined> {
    const known = isKnown(places).then(async (isNow) => {
        if (!isNow && !told.has(cluster)) {
            told.add(cluster);
            await pulumi.log.info(
                `ClusterReference "${cluster.shape.name}": is not known yet, so the update judges where services have room`,
            );
        }
        return isNow ? places : undefined;
    });
    return pulumi.output(known);
}
