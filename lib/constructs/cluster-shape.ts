import type { ClusterArgs } from "../cluster-args.js";
import type { ClusterShape } from "../plan/index.js";

/** The topology in a cluster's arguments: plain data, without the texts. */
export function shapeOf(name: string, args: ClusterArgs): ClusterShape {
    const { members, workers, etcd, fleet, update } = args;
    const bare = ({
        count,
        names,
        metadata,
        expose,
        etcd: runsEtcd,
        fleet: runsFleet,
        rollout,
    }: NonNullable<typeof members>) => ({
        ...(count === undefined ? {} : { count }),
        ...(names === undefined ? {} : { names }),
        ...(metadata === undefined ? {} : { metadata }),
        ...(expose === undefined ? {} : { expose }),
        ...(runsEtcd === undefined ? {} : { etcd: runsEtcd }),
        ...(runsFleet === undefined ? {} : { fleet: runsFleet }),
        ...(rollout === undefined ? {} : { rollout }),
    });
    return {
        name,
        ...(members === undefined ? {} : { members: bare(members) }),
        workers: Object.fromEntries(
            Object.entries(workers ?? {}).map(([group, settings]) => [group, bare(settings)]),
        ),
        ...(etcd === undefined ? {} : { etcd }),
        ...(fleet === undefined ? {} : { fleet }),
        ...(update === undefined ? {} : { update }),
    };
}
