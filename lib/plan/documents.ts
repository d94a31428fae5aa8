import type { CloudConfig, Unit, WriteFile } from "../cloud-config/index.js";
import {
    type Bootstrap,
    clientUrl,
    ETCD_UNIT,
    MEMBER_LIST,
    MEMBERSHIP_GUARD,
    MEMBERSHIP_GUARD_SCRIPT,
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
import { type Addresses, SCHEME } from "./bootstrap.js";
import {
    type ClusterShape,
    failoverOf,
    type GroupShape,
    groupHasEtcd,
    groupHasFleet,
    groupsOf,
    MEMBERS,
    type PlannedMachine,
    type RebootStrategy,
} from "./shape.js";

/** Starts etcd and fleet together, and does not wait for them. */
export const CLUSTER_TARGET = "coreos-cluster.target";

/** Waits for the list of members, where it is delivered, and then pulls {@link CLUSTER_TARGET} in. */
export const CLUSTER_PATH = "coreos-cluster.path";

const membershipGuard: WriteFile = {
    path: MEMBERSHIP_GUARD,
    permissions: "0755",
    owner: "root",
    content: MEMBERSHIP_GUARD_SCRIPT,
};

/**
 * What the library itself puts into each group's cloud-config. One text serves a whole group: what
 * differs by machine comes from the machine.
 *
 * @param bootstrap the members' way to each other
 * @param workers the workers' way to the members, where it is another one
 */
export function planDocuments(
    shape: ClusterShape,
    bootstrap: Bootstrap,
    workers: Bootstrap = bootstrap,
): Record<string, CloudConfig> {
    return Object.fromEntries(
        groupsOf(shape).map(([group, settings]) => [
            group,
            {
                ...(group === MEMBERS && groupHasEtcd(shape, settings)
                    ? { write_files: [membershipGuard] }
                    : {}),
                coreos: {
                    update: {
                        group: shape.update?.group ?? "stable",
                        reboot_strategy: rebootStrategy(shape, settings),
                    },
                    units: softwareUnits(
                        shape,
                        group,
                        settings,
                        group === MEMBERS ? bootstrap : workers,
                        workers,
                    ),
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

/** The lock that reboots wait for is in etcd: a machine without it does not reboot by itself, unless told to. */
function rebootStrategy(shape: ClusterShape, group: GroupShape): RebootStrategy {
    const strategy = shape.update?.rebootStrategy ?? "etcd-lock";
    return strategy === "etcd-lock" && !groupHasEtcd(shape, group) ? "off" : strategy;
}

function softwareUnits(
    shape: ClusterShape,
    group: string,
    settings: GroupShape,
    bootstrap: Bootstrap,
    workers: Bootstrap,
): Unit[] {
    if (!groupHasEtcd(shape, settings)) {
        return [];
    }
    const etcd = {
        scheme: SCHEME,
        token: shape.name,
        bootstrap,
        ...(workers.kind === "static" ? { listed: workers.initialCluster } : {}),
    };
    const units: [string, UnitDocument][] = [
        [ETCD_UNIT, group === MEMBERS ? memberUnit(etcd) : proxyUnit(etcd)],
    ];
    if (groupHasFleet(shape, settings)) {
        const fleet = {
            metadata: renderMetadata(settings.metadata ?? {}),
            etcdServer: clientUrl(SCHEME, "127.0.0.1"),
            failover: failoverOf(shape),
        };
        units.push([FLEET_SOCKET_UNIT, fleetSocketUnit()], [FLEET_UNIT, fleetUnit(fleet)]);
    }
    const names = units.map(([name]) => name);
    const software = units.map(([name, unit]) => ({ name, content: renderUnit(unit) }));
    const target = { name: CLUSTER_TARGET, content: renderUnit(clusterTarget(names)) };
    return bootstrap.kind === "delivered"
        ? [
              ...software,
              target,
              { name: CLUSTER_PATH, content: renderUnit(clusterPath()), command: "start" },
          ]
        : [...software, { ...target, command: "start" }];
}

/** The agent, which waits for each command, goes on at once; so does a boot that finds the list. */
function clusterPath(): UnitDocument {
    return {
        Unit: { Description: "Waits for the list of etcd members" },
        Path: { PathExists: MEMBER_LIST, Unit: CLUSTER_TARGET },
    };
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
