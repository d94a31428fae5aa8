import type { Problem } from "../problem.js";
import type { Candidate } from "./candidates.js";
import type { Group } from "./colocation.js";
import type { Shortage } from "./matching.js";
import { hostility, type Relations } from "./relations.js";
import { counted, listed, takers } from "./wording.js";

/**
 * Units that need a machine each, and too few machines.
 *
 * @param hasOthers whether the cluster has machines that can take none of them
 */
export function crowdProblem(
    { groups, machines }: Shortage,
    relations: Relations,
    hasOthers: boolean,
): Problem {
    const units = groups.map((group) => spokesman(group, groups, relations));
    const moved = replacement(units, relations);
    const few = `only ${takers(machines)}`;
    if (moved === undefined) {
        return {
            path: `${units[0]?.name}.X-Fleet.Conflicts`,
            given: listed(units),
            allowed: `${counted(units)} conflict with each other, but ${few}`,
        };
    }
    const path = `${moved[0].name}.X-Fleet.Replaces`;
    const why = hostility(...moved, relations);
    // The first that the engine looks at sends the other to a machine that can't take it; looked at
    // later in that pass, the other goes back. With a third unit it may have been looked at before.
    const isPair = units.length === 2 && units.every((unit) => relations.rivals(unit).length === 1);
    if (hasOthers && isPair && groups.every((group) => group.units.length === 1)) {
        return {
            path,
            given: listed(units),
            allowed: `${why}, but ${few}: they stay together, and at every pass fleet takes one away and puts it back, which may stop it for a moment`,
            severity: "warning",
        };
    }
    return {
        path,
        given: listed(units),
        allowed: `${counted(units)} need a machine each (${why}), but ${few}, and fleet would move them back and forth for ever`,
    };
}

/** Units for which every way was tried. */
export function unpackableProblem(groups: readonly Group[], relations: Relations): Problem {
    const units = groups.map((group) => spokesman(group, groups, relations));
    const machines = Array.from(new Set(groups.flatMap(({ eligible }) => eligible)));
    const moved = replacement(units, relations);
    return {
        path: `${(moved?.[0] ?? units[0])?.name}.X-Fleet.${moved === undefined ? "Conflicts" : "Replaces"}`,
        given: listed(units),
        allowed: `not all ${units.length} find a machine, in whatever way they are placed: some of them exclude each other, and ${takers(machines)}`,
    };
}

/** The unit of a group that can't stay beside one of another. */
export function spokesman(group: Group, rivals: readonly Group[], relations: Relations): Candidate {
    const [first] = group.units;
    const found =
        group.units.length === 1
            ? first
            : group.units.find((unit) =>
                  rivals.some(
                      (rival) =>
                          rival !== group &&
                          rival.units.some((other) => relations.apart(unit, other)),
                  ),
              );
    const unit = found ?? first;
    if (unit === undefined) {
        throw new Error("A group has at least one unit.");
    }
    return unit;
}

/** Two of the units that only `Replaces` keeps apart, the one that replaces first. */
function replacement(
    units: readonly Candidate[],
    relations: Relations,
): [Candidate, Candidate] | undefined {
    for (const unit of units) {
        const other = units.find(
            (each) =>
                relations.replace(unit, each) &&
                relations.takesOver(unit, each) &&
                !relations.conflict(unit, each),
        );
        if (other !== undefined) {
            return [unit, other];
        }
    }
    return undefined;
}
