import type { Group } from "./colocation.js";
import { isPlaceable } from "./crowds.js";
import type { MachineFacts } from "./placed-unit.js";
import type { Relations } from "./relations.js";

/** Largest set of entangled groups that is looked at, and the steps that a look may take. */
const MOST_GROUPS = 16;
const MOST_STEPS = 3000;

/**
 * Sets of groups that can't all be placed though no simpler reason says so: some share a machine, but in
 * no way all. Every way is tried, so what is found is real; sets of more than 16 entangled groups, or
 * with too many ways, are passed over. Nothing can be left out of a set that is found.
 */
export function findUnpackable(groups: readonly Group[], relations: Relations): Group[][] {
    // A group with more machines than rivals always finds one, so it can be put last.
    const placeable = groups.filter(
        (group) =>
            isPlaceable(group) &&
            group.units.reduce((sum, unit) => sum + relations.mostRivals(unit), 0) >=
                group.eligible.length,
    );
    const rivals = rivalsOf(placeable, relations);
    return entangled(placeable, rivals).flatMap((own) => {
        if (own.length > MOST_GROUPS || fits(own, rivals) !== false) {
            return [];
        }
        let needed = own;
        for (const group of own) {
            const without = needed.filter((other) => other !== group);
            if (fits(without, rivals) === false) {
                needed = without;
            }
        }
        const set = new Set(needed);
        return [placeable.filter((group) => set.has(group))];
    });
}

type Rivals = ReadonlyMap<Group, ReadonlySet<Group>>;

/** The groups that can't share a machine with each, where they could have the same one. */
function rivalsOf(groups: readonly Group[], relations: Relations): Rivals {
    const groupOf = new Map(groups.flatMap((group) => group.units.map((unit) => [unit, group])));
    return new Map(
        groups.map((group) => {
            const near = new Set(
                group.units
                    .flatMap((unit) => relations.rivals(unit))
                    .flatMap((rival) => groupOf.get(rival) ?? []),
            );
            near.delete(group);
            return [group, near];
        }),
    );
}

/**
 * Connected sets of those groups that may find every machine taken. A group that always finds one is
 * put last, and its rivals have one rival less.
 */
function entangled(groups: readonly Group[], rivals: Rivals): Group[][] {
    const left = new Set(groups);
    const degree = new Map(groups.map((group) => [group, rivals.get(group)?.size ?? 0]));
    const easy = groups.filter((group) => (degree.get(group) ?? 0) < group.eligible.length);
    for (const group of easy) {
        left.delete(group);
        for (const rival of rivals.get(group) ?? []) {
            const rest = (degree.get(rival) ?? 0) - 1;
            degree.set(rival, rest);
            if (left.has(rival) && rest === rival.eligible.length - 1) {
                easy.push(rival);
            }
        }
    }
    const sets: Group[][] = [];
    for (const seed of left) {
        const set = [seed];
        left.delete(seed);
        for (const member of set) {
            for (const rival of rivals.get(member) ?? []) {
                if (left.delete(rival)) {
                    set.push(rival);
                }
            }
        }
        sets.push(set);
    }
    return sets;
}

/** Whether there is a way to place all of them; undefined if that would take too long to know. */
function fits(groups: readonly Group[], rivals: Rivals): boolean | undefined {
    let steps = 0;
    const place = (
        left: readonly Group[],
        taken: ReadonlyMap<Group, MachineFacts>,
    ): boolean | undefined => {
        const options = left.map((group) => {
            const closed = new Set(
                Array.from(rivals.get(group) ?? []).flatMap((rival) => taken.get(rival) ?? []),
            );
            return { group, free: group.eligible.filter((machine) => !closed.has(machine)) };
        });
        const [hardest, ...others] = options.sort((one, two) => one.free.length - two.free.length);
        if (hardest === undefined) {
            return true;
        }
        let sure = true;
        for (const machine of hardest.free) {
            steps += 1;
            if (steps > MOST_STEPS) {
                return undefined;
            }
            const answer = place(
                others.map(({ group }) => group),
                new Map([...taken, [hardest.group, machine]]),
            );
            if (answer === true) {
                return true;
            }
            sure = sure && answer === false;
        }
        return sure ? false : undefined;
    };
    return place(groups, new Map());
}
