import type { CloudConfig, Unit } from "../cloud-config/index.js";
import {
    type Bootstrap,
    clientUrl,
    ETCD_UNIT,
    type EtcdScheme,
    initialCluster,
    memberUnit,
    proxyUnit,
} from "../etcd/index.js";
import {
    FLEET_SOCKET_UNIT,
    FLEET_UNIT,
    fleetSocketUnit,
    fleetUnit,
} from "../fleet/daemon-units.js";
import { renderMetadata } from "../fleet/index.js";
import { renderUnit, type UnitDocument } from "../systemd/index.js";
import {
    type ClusterShape,
    failoverOf,
    groupsOf,
    hasEtcd,
    hasFleet,
    MEMBERS,
    type PlannedMachine,
    planMachines,
} from "./shape.js";

/** Starts etcd and fleet together, and does not wait for them. */
export const CLUSTER_TARGET = "coreos-cluster.target";

/** etcd's URLs have this scheme. */
export const SCHEME: EtcdScheme = "http";

/** The addresses that a platform promised, by machine name. */
export type Addresses = Readonly<Record<string, string>>;

/**
 * What the library itself puts into each group's cloud-config. One text serves a whole group: what
 * differs by machine comes from the machine.
 */
export function planDocuments(
    shape: ClusterShape,
    addresses: Addresses,
): Record<string, CloudConfig> {
    const bootstrap = staticBootstrap(planMachines(shape), addresses);
    return Object.fromEntries(
        groupsOf(shape).map(([group, settings]) => [
            group,
            {
                coreos: {
                    update: {
                        group: shape.update?.group ?? "stable",
                        reboot_strategy:
                            shape.update?.rebootStrategy ?? (hasEtcd(shape) ? "etcd-lock" : "off"),
                    },
                    units: softwareUnits(shape, group, settings.metadata ?? {}, bootstrap),
                },
            },
        ]),
    );
}

/** URL of every member's etcd. */
export function etcdEndpoints(machines: readonly PlannedMachine[], addresses: Addresses): string[] {
    return machines
        .filter(({ role }) => role === "member")
        .map(({ name }) => clientUrl(SCHEME, addresses[name] ?? ""));
}

function staticBootstrap(machines: readonly PlannedMachine[], addresses: Addresses): Bootstrap {
    const peers = machines
        .filter(({ role }) => role === "member")
        .map(({ name }) => ({ name, address: addresses[name] ?? "" }));
    return { kind: "static", initialCluster: initialCluster(SCHEME, peers) };
}

function softwareUnits(
    shape: ClusterShape,
    group: string,
    metadata: Readonly<Record<string, string>>,
    bootstrap: Bootstrap,
): Unit[] {
    if (!hasEtcd(shape)) {
        return [];
    }
    const etcd = { scheme: SCHEME, token: shape.name, bootstrap };
    const units: [string, UnitDocument][] = [
        [ETCD_UNIT, group === MEMBERS ? memberUnit(etcd) : proxyUnit(etcd)],
    ];
    if (hasFleet(shape)) {
        const settings = {
            metadata: renderMetadata(metadata),
            etcdServer: clientUrl(SCHEME, "127.0.0.1"),
            failover: failoverOf(shape),
        };
        units.push([FLEET_SOCKET_UNIT, fleetSocketUnit()], [FLEET_UNIT, fleetUnit(settings)]);
    }
    const names = units.map(([name]) => name);
    return [
        ...units.map(([name, unit]) => ({ name, content: renderUnit(unit) })),
        {
            name: CLUSTER_TARGET,
            content: renderUnit(clusterTarget(names)),
            command: "start",
        },
    ];
}

/**
 * Without default dependencies a target is reached at once, so that the agent, which waits for each
 * command, goes on while etcd waits for its quorum.
 */
function clusterTarget(wants: readonly string[]): UnitDocument {
    return {
        Unit: {
            Description: "Software of the cluster",
            DefaultDependencies: false,
            Wants: wants.join(" "),
        },
    };
}
