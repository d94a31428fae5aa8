import { type Candidate, conflicting } from "./candidates.js";
import type { Group } from "./colocation.js";
import type { MachineFacts } from "./placed-unit.js";

/** Units that all conflict with each other, and the too few machines that can take them. */
export interface Crowd {
    /** One unit of each group, one that conflicts. */
    readonly units: readonly Candidate[];
    readonly machines: readonly MachineFacts[];
}

/**
 * Sets of mutually conflicting groups of which each needs a machine of its own, and for which there
 * are too few. One set is grown from each group, so a set may be missed where conflicts overlap in
 * uncommon ways; what is found is always real.
 */
export function findCrowds(groups: readonly Group[]): Crowd[] {
    const placeable = groups.filter(
        ({ eligible, hostile, waiting }) =>
            eligible.length > 0 && hostile.length === 0 && waiting.length === 0,
    );
    const crowds = new Map<string, Crowd>();
    for (const clique of cliquesOf(placeable)) {
        const crowd = overfull(clique);
        if (crowd !== undefined) {
            crowds.set(crowd.units.map(({ name }) => name).join(" "), crowd);
        }
    }
    return Array.from(crowds.values());
}

function cliquesOf(groups: readonly Group[]): Group[][] {
    const neighbours = groups.map(
        (one) => new Set(groups.filter((other) => other !== one && groupsConflict(one, other))),
    );
    const covered = new Set<Group>();
    return groups.flatMap((seed, index) => {
        const own = neighbours[index] ?? new Set();
        if (own.size === 0 || covered.has(seed)) {
            return [];
        }
        const clique = [seed];
        for (const [position, group] of groups.entries()) {
            const near = neighbours[position];
            if (near !== undefined && clique.every((member) => near.has(member))) {
                clique.push(group);
            }
        }
        for (const [position, group] of groups.entries()) {
            if (neighbours[position]?.size === clique.length - 1 && clique.includes(group)) {
                covered.add(group);
            }
        }
        return [clique];
    });
}

function groupsConflict(one: Group, other: Group): boolean {
    return one.units.some((unit) => other.units.some((each) => conflicting(unit, each)));
}

/** The members that compete for too few machines, by Hall's theorem; undefined if each can have its own. */
function overfull(clique: readonly Group[]): Crowd | undefined {
    const holder = new Map<MachineFacts, Group>();
    for (const group of clique) {
        const tried = new Set<MachineFacts>();
        if (!takesMachine(group, holder, tried)) {
            const rivals = clique.filter(({ eligible }) =>
                eligible.every((machine) => tried.has(machine)),
            );
            return {
                units: rivals.flatMap((one) => spokesman(one, rivals) ?? []),
                machines: Array.from(tried),
            };
        }
    }
    return undefined;
}

/** The unit of a group that conflicts with one of another. */
function spokesman(group: Group, rivals: readonly Group[]): Candidate | undefined {
    return group.units.find((unit) =>
        rivals.some(
            (rival) => rival !== group && rival.units.some((other) => conflicting(unit, other)),
        ),
    );
}

/** One step of bipartite matching: a free machine, or one whose holder can move to another. */
function takesMachine(
    group: Group,
    holder: Map<MachineFacts, Group>,
    tried: Set<MachineFacts>,
): boolean {
    for (const machine of group.eligible) {
        if (tried.has(machine)) {
            continue;
        }
        tried.add(machine);
        const current = holder.get(machine);
        if (current === undefined || takesMachine(current, holder, tried)) {
            holder.set(machine, group);
            return true;
        }
    }
    return false;
}
