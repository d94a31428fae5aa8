import type { FailoverSettings } from "../fleet/index.js";

/** Release channel of CoreOS and Flatcar. */
export type Channel = "stable" | "beta" | "alpha" | "lts" | (string & {});

/** What follows an update of the system (locksmith). */
export type RebootStrategy = "etcd-lock" | "reboot" | "off";

/** How many machines a group has, and what sets them apart. */
export interface GroupShape {
    /** Number of machines, at most {@link MOST_MACHINES}; their names follow from the cluster's name. */
    readonly count?: number;
    /** Names of the machines, each a host name, instead of a `count`. */
    readonly names?: readonly string[];
    /** fleet metadata of each machine of the group; default none. */
    readonly metadata?: Readonly<Record<string, string>>;
    /** TCP ports that clients outside the cluster may reach on these machines; default none. */
    readonly expose?: readonly number[];
    /**
     * Whether these machines run etcd's proxy; default as the cluster has it. Without it fleet is off too, and
     * systemd alone runs what the group's `units` say. Not for members.
     */
    readonly etcd?: boolean;
    /** Whether these machines run fleetd; default as the cluster has it. No service is placed on one without. */
    readonly fleet?: boolean;
    /** What a change of the group's text does to its machines; default `reboot`. */
    readonly rollout?: Rollout;
}

/**
 * What a change of a group's text does to machines that run: `reboot` leaves them as they are until their next
 * boot; `in-place` writes changed `units` over SSH and restarts those, machine by machine, and leaves the rest of
 * the text to the next boot; `replace` makes the machines anew, one by one. Under the last
 * two an update goes on to the next machine only once the group's units run, under `replace` also what fleet gives to
 * the new machine, and stops at the first failure. Members under `replace`, of which there must be three at least, are
 * made anew by a changed text, image, key or size, each only while all others are healthy.
 */
export type Rollout = (typeof ROLLOUTS)[number];

/** Every {@link Rollout}. */
export const ROLLOUTS = ["reboot", "in-place", "replace"] as const;

/** The topology of a cluster: plain data, known at every preview. */
export interface ClusterShape {
    /** The cluster's name: the machines' names begin with it. */
    readonly name: string;
    /** The etcd members. */
    readonly members?: GroupShape;
    /** Groups of machines that are no members, by the group's name. */
    readonly workers?: Readonly<Record<string, GroupShape>>;
    /** Whether members run etcd and workers its proxy; default true where there are members. */
    readonly etcd?: boolean;
    /**
     * Whether every machine runs fleetd, and how soon a machine counts as dead; default true, with fleet's own
     * times. Needs etcd.
     */
    readonly fleet?: boolean | FailoverSettings;
    /** Where updates of the system come from, and what follows them. */
    readonly update?: UpdateShape;
}

/** Where updates come from, and what follows them. */
export interface UpdateShape {
    /** Default `stable`. */
    readonly group?: Channel;
    /** Default `etcd-lock`: one machine at a time, by a lock in etcd; `off` without etcd. */
    readonly rebootStrategy?: RebootStrategy;
}

/** What a machine does in the cluster. */
export type Role = "member" | "worker";

/** The group that the etcd members form. */
export const MEMBERS = "members";

/** Most machines of a group: more than fleet was ever run with, and small enough to be planned at once. */
export const MOST_MACHINES = 1000;

/** One machine of the plan. */
export interface PlannedMachine {
    /** Host name, and logical name of its resource. */
    readonly name: string;
    /** Members run etcd, workers its proxy. */
    readonly role: Role;
    /** `members`, or the name of its worker group. */
    readonly group: string;
    /** fleet metadata of its group. */
    readonly metadata: Readonly<Record<string, string>>;
    /** TCP ports that clients outside the cluster may reach. */
    readonly expose: readonly number[];
    /** Whether it runs etcd, or its proxy. */
    readonly etcd: boolean;
    /** Whether it runs fleetd, and so services. */
    readonly fleet: boolean;
    /** What a change of its text does to it. */
    readonly rollout: Rollout;
}

/** Every machine of a cluster, members first, then the groups in the order in which they stand. */
export function planMachines(shape: ClusterShape): PlannedMachine[] {
    return groupsOf(shape).flatMap(([group, settings]) =>
        machineNames(shape.name, group, settings).map((name) => ({
            name,
            role: group === MEMBERS ? "member" : "worker",
            group,
            metadata: settings.metadata ?? {},
            expose: settings.expose ?? [],
            etcd: groupHasEtcd(shape, settings),
            fleet: groupHasFleet(shape, settings),
            rollout: settings.rollout ?? "reboot",
        })),
    );
}

/** The groups of a cluster with their names, members first. */
export function groupsOf(shape: ClusterShape): [string, GroupShape][] {
    const members: [string, GroupShape][] =
        shape.members === undefined ? [] : [[MEMBERS, shape.members]];
    return [...members, ...Object.entries(shape.workers ?? {})];
}

/** Names of a group's machines: `demo-1` for members, `demo-web-1` for workers of the group `web`. */
export function machineNames(cluster: string, group: string, shape: GroupShape): string[] {
    if (shape.names !== undefined) {
        return [...shape.names];
    }
    const prefix = group === MEMBERS ? cluster : `${cluster}-${group}`;
    const length = isCount(shape.count) ? shape.count : 0;
    return Array.from({ length }, (_, index) => `${prefix}-${index + 1}`);
}

/** Whether that is a number of machines that a group can have. */
export function isCount(count: number | undefined): count is number {
    return Number.isInteger(count) && Number(count) >= 0 && Number(count) <= MOST_MACHINES;
}

/** Whether the cluster runs etcd: unless it says so itself, where there are members, or fleet is asked for. */
export function hasEtcd(shape: ClusterShape): boolean {
    const isAsked = shape.fleet !== undefined && shape.fleet !== false;
    return shape.etcd ?? (shape.members !== undefined || isAsked);
}

/** Whether any machine of the cluster runs fleet. */
export function hasFleet(shape: ClusterShape): boolean {
    return groupsOf(shape).some(([, settings]) => groupHasFleet(shape, settings));
}

/** Whether a group's machines run etcd, or its proxy. */
export function groupHasEtcd(shape: ClusterShape, group: GroupShape): boolean {
    return hasEtcd(shape) && group.etcd !== false;
}

/** Whether a group's machines run fleet. */
export function groupHasFleet(shape: ClusterShape, group: GroupShape): boolean {
    return groupHasEtcd(shape, group) && shape.fleet !== false && group.fleet !== false;
}

/** What a cluster's fleet is told of failover; nothing where it keeps its own defaults. */
export function failoverOf(shape: ClusterShape): FailoverSettings {
    return typeof shape.fleet === "object" ? shape.fleet : {};
}
