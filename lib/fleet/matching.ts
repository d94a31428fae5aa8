import type { Group } from "./colocation.js";
import type { MachineFacts } from "./placed-unit.js";

/** Groups that need a machine each, and the machines, fewer than the groups, that they could have. */
export interface Shortage {
    readonly groups: readonly Group[];
    readonly machines: readonly MachineFacts[];
}

/** A machine for each group of its own, or why there is none. */
export interface Matching {
    readonly holder: ReadonlyMap<MachineFacts, Group>;
    /** Where not every group can have one: those that compete for too few, by Hall's theorem. */
    readonly shortage?: Shortage;
}

/** Gives each group one of its machines, none to two of them, if there is a way at all. */
export function match(groups: readonly Group[]): Matching {
    const holder = new Map<MachineFacts, Group>();
    const looked = new Map<readonly MachineFacts[], number>();
    for (const group of groups) {
        const { eligible } = group;
        let next = looked.get(eligible) ?? 0;
        let machine = eligible[next];
        while (machine !== undefined && holder.has(machine)) {
            next += 1;
            machine = eligible[next];
        }
        looked.set(eligible, next);
        if (machine !== undefined) {
            holder.set(machine, group);
        } else {
            const tried = displace(group, holder);
            if (tried !== undefined) {
                const rivals = groups.filter((each) =>
                    each.eligible.every((machine) => tried.has(machine)),
                );
                return { holder, shortage: { groups: rivals, machines: Array.from(tried) } };
            }
        }
    }
    return { holder };
}

/**
 * The groups of a matching that would have no other machine if theirs failed, however the others were
 * moved: in sets that compete for exactly as many machines as they are.
 */
export function withoutSpare(
    groups: readonly Group[],
    holder: ReadonlyMap<MachineFacts, Group>,
): Shortage[] {
    const held = new Map(Array.from(holder, ([machine, group]) => [group, machine]));
    const free = new Set(
        Array.from(new Set(groups.map(({ eligible }) => eligible)))
            .flat()
            .filter((machine) => !holder.has(machine)),
    );
    let left = [...groups];
    for (let before = -1; before !== left.length; ) {
        before = left.length;
        const open = new Map<readonly MachineFacts[], boolean>();
        left = left.filter(({ eligible }) => {
            const movable = open.get(eligible) ?? eligible.some((machine) => free.has(machine));
            open.set(eligible, movable);
            return !movable;
        });
        const staying = new Set(left);
        for (const [group, machine] of held) {
            if (!staying.has(group)) {
                free.add(machine);
            }
        }
    }
    const sets: { groups: Group[]; machines: Set<MachineFacts> }[] = [];
    for (const group of left) {
        const near = sets.filter(({ machines }) => group.eligible.some((one) => machines.has(one)));
        const joined = {
            groups: [...near.flatMap((set) => set.groups), group],
            machines: new Set([...near.flatMap((set) => [...set.machines]), ...group.eligible]),
        };
        sets.splice(0, sets.length, ...sets.filter((set) => !near.includes(set)), joined);
    }
    return sets.map((set) => ({ groups: set.groups, machines: Array.from(set.machines) }));
}

/**
 * Makes room by moving others, one after the other, to machines that they could have as well.
 *
 * @returns undefined once there is room; the machines that were tried if there is none
 */
function displace(
    group: Group,
    holder: Map<MachineFacts, Group>,
): ReadonlySet<MachineFacts> | undefined {
    const held = new Map(Array.from(holder, ([machine, own]) => [own, machine]));
    const claimed = new Map<MachineFacts, Group>();
    const seen = new Set<readonly MachineFacts[]>();
    const queue = [group];
    for (const claimant of queue) {
        for (const machine of seen.has(claimant.eligible) ? [] : claimant.eligible) {
            if (!claimed.has(machine)) {
                claimed.set(machine, claimant);
                const current = holder.get(machine);
                if (current === undefined) {
                    let vacant: MachineFacts | undefined = machine;
                    while (vacant !== undefined) {
                        const taker = claimed.get(vacant);
                        const left: MachineFacts | undefined =
                            taker === undefined ? undefined : held.get(taker);
                        if (taker !== undefined) {
                            holder.set(vacant, taker);
                        }
                        vacant = left;
                    }
                    return undefined;
                }
                queue.push(current);
            }
        }
        seen.add(claimant.eligible);
    }
    return new Set(claimed.keys());
}
