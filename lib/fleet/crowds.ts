import type { Candidate } from "./candidates.js";
import type { Group } from "./colocation.js";
import { match, type Shortage, withoutSpare } from "./matching.js";
import type { Relations } from "./relations.js";

/** Groups that stand in the same relations to all others, and may have the same machines. */
interface Kind {
    readonly groups: Group[];
}

/**
 * Sets of groups of which no two can share a machine, and for which there are too few. One set is grown
 * from each kind of group, so one may be missed where conflicts overlap in uncommon ways; what is
 * found is always real.
 */
export function findCrowds(groups: readonly Group[], relations: Relations): Shortage[] {
    const crowds = new Map<string, Shortage>();
    for (const clique of cliquesOf(groups.filter(isPlaceable), relations)) {
        const { shortage } = match(clique);
        if (shortage !== undefined) {
            crowds.set(namesOf(shortage.groups), shortage);
        }
    }
    return Array.from(crowds.values());
}

/** Sets of groups that compete for exactly as many machines as they are: a machine less, and one has none. */
export function findTight(groups: readonly Group[], relations: Relations): Shortage[] {
    const tight = new Map<string, Shortage>();
    const placeable = groups.filter(isPlaceable);
    const cliques = cliquesOf(placeable, relations);
    const lone = placeable.filter(({ eligible }) => eligible.length === 1).map((one) => [one]);
    for (const clique of [...cliques, ...lone]) {
        const { holder, shortage } = match(clique);
        for (const set of shortage === undefined ? withoutSpare(clique, holder) : []) {
            tight.set(namesOf(set.groups), set);
        }
    }
    return Array.from(tight.values());
}

/** Whether two groups can't share a machine. */
export function groupsApart(one: Group, other: Group, relations: Relations): boolean {
    return one.units.some((unit) => other.units.some((each) => relations.apart(unit, each)));
}

/** Whether nothing else keeps the group from having a machine. */
export function isPlaceable({ eligible, hostile, waiting }: Group): boolean {
    return eligible.length > 0 && hostile.length === 0 && waiting.length === 0;
}

/** Largest sets, one grown from each kind, of groups of which no two can share a machine. */
function cliquesOf(groups: readonly Group[], relations: Relations): Group[][] {
    const kindOf = kindsOf(groups, relations);
    const kinds = Array.from(new Set(kindOf.values()));
    const neighbours = new Map(
        kinds.map((kind) => {
            const own = kind.groups[0]?.units ?? [];
            const near = new Set(
                own
                    .flatMap((unit) => relations.rivals(unit))
                    .flatMap((one) => kindOf.get(one) ?? []),
            );
            if (kind.groups.length === 1) {
                near.delete(kind);
            }
            return [kind, near] as const;
        }),
    );
    const position = new Map(groups.map((group, index) => [group, index]));
    const covered = new Set<Kind>();
    return kinds.flatMap((seed) => {
        const own = neighbours.get(seed) ?? new Set<Kind>();
        if (own.size === 0 || covered.has(seed)) {
            return [];
        }
        const clique = [seed];
        for (const kind of kinds) {
            const near = neighbours.get(kind) ?? new Set<Kind>();
            if (kind !== seed && own.has(kind) && clique.every((member) => near.has(member))) {
                clique.push(kind);
            }
        }
        for (const kind of clique) {
            const near = Array.from(neighbours.get(kind) ?? []);
            if (near.every((other) => clique.includes(other))) {
                covered.add(kind);
            }
        }
        // Of a kind whose groups get on with each other, one can be in the set; whichever.
        return [
            clique
                .flatMap((kind) =>
                    neighbours.get(kind)?.has(kind) ? kind.groups : kind.groups.slice(0, 1),
                )
                .sort((one, other) => (position.get(one) ?? 0) - (position.get(other) ?? 0)),
        ];
    });
}

function kindsOf(groups: readonly Group[], relations: Relations): Map<Candidate, Kind> {
    const lists = new Map<unknown, number>();
    const kinds = new Map<string, Kind>();
    const kindOf = new Map<Candidate, Kind>();
    for (const [index, group] of groups.entries()) {
        const list = lists.get(group.eligible) ?? lists.size;
        lists.set(group.eligible, list);
        const [first, ...others] = group.units;
        const key =
            first === undefined || others.length > 0
                ? `group ${index}`
                : `${list} ${relations.signature(first)}`;
        const kind = kinds.get(key) ?? { groups: [] };
        kinds.set(key, kind);
        kind.groups.push(group);
        for (const unit of group.units) {
            kindOf.set(unit, kind);
        }
    }
    return kindOf;
}

function namesOf(groups: readonly Group[]): string {
    return groups.map(({ units }) => units[0]?.name).join(" ");
}
