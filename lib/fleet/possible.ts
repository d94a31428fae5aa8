import { parseUnitName } from "../systemd/index.js";
import { astrayFrom } from "./astray.js";
import { type Candidate, candidatesOf } from "./candidates.js";
import { certainties } from "./certain.js";
import { domainsOf } from "./domains.js";
import type { MachineFacts, PlacedUnit } from "./placed-unit.js";
import { judge } from "./reach.js";
import { Relations } from "./relations.js";
import { standingIn } from "./standing.js";
import type { Verdict } from "./verdict.js";

/** Where fleet could let a unit run. */
export interface UnitPlacement {
    /** Name with its suffix. */
    readonly name: string;
    /** Whether it runs on all of its machines, not on one. */
    readonly global: boolean;
    /** The machines on which it could stay; empty if it can never be placed. */
    readonly machines: readonly MachineFacts[];
    /** Why it has no machine, a clause in plain words. */
    readonly reason?: string;
    /** The key of `[X-Fleet]` that the reason comes from. */
    readonly key?: Exclude<Verdict["key"], undefined>;
    /** The machine that it gets, where fleet's choice does not depend on its random order. */
    readonly certain?: MachineFacts;
    /**
     * Whether it may be seen on any machine for a pass, and come and go: `Replaces` makes fleet put it there without
     * asking whether it fits, or puts another there that stops the global unit that keeps this one off; or it runs
     * beside one of two global units that conflict, of which the engine sees either.
     */
    readonly loose: boolean;
}

/** What is assumed of units that are not in the list. */
export interface PlacementOptions {
    /** Whether the units are all that there are; default false: then those that they run beside may exist. */
    readonly complete?: boolean;
}

/**
 * Where fleet 1.0.0 could let each unit run, by the rules of its engine and agent.
 *
 * `machines` holds every machine on which the unit can be once fleet has come to rest, so one without
 * machines is never placed. (One that is `loose` may be seen on others in between, see
 * `docs/fleet.md`.) That it has machines does not say that fleet finds one: others may take
 * them first, and fleet moves nothing to make room.
 *
 * Fleet's choice does not depend on the random order in which it goes through its units, and `certain`
 * names it, for a unit that is not loose and conflicts with none that is not loose either, where
 * - it has one machine, and no other unit that could be there conflicts with it;
 * - it stands on a machine already (`on`), and all that it asks for is still met: fleet moves nothing
 *   to spread load;
 * - all that it must run beside is certain to be on one machine;
 * - it is the only one that waits for a machine, none is about to lose its own, all ids are known, and
 *   no two global units conflict: it gets the machine with the fewest units, of several the one with the lowest id.
 *
 * @param units of the whole cluster as far as known, in any order; templates are passed over
 */
export function possiblePlacements(
    units: readonly PlacedUnit[],
    machines: readonly MachineFacts[],
    options: PlacementOptions = {},
): UnitPlacement[] {
    const candidates = candidatesOf(
        units.filter(({ name }) => !parseUnitName(name).isTemplate),
        machines,
    );
    return placementsOf(candidates, machines, new Relations(candidates), options);
}

/** The same for candidates and relations that are made already. */
export function placementsOf(
    candidates: readonly Candidate[],
    machines: readonly MachineFacts[],
    relations: Relations,
    { complete = false }: PlacementOptions = {},
): UnitPlacement[] {
    const domains = domainsOf(candidates, relations);
    const [globals, jobs] = [true, false].map((global) =>
        candidates.filter(({ requirements }) => requirements.global === global),
    );
    const standing = standingIn(jobs ?? [], globals ?? [], machines, relations);
    const reach = { candidates, domains, machines, relations, standing, complete };
    const verdicts = judge(reach);
    const certain = certainties(verdicts, reach);
    const astray = astrayFrom(standing.loose, candidates, relations);
    return candidates.map((unit) => {
        const { open, ...why } = verdicts.get(unit) ?? { open: unit.eligible };
        const machine = certain.get(unit);
        return {
            name: unit.name,
            global: unit.requirements.global,
            machines: machines.filter((one) => open.has(one)),
            loose: astray.has(unit),
            ...why,
            ...(machine === undefined ? {} : { certain: machine }),
        };
    });
}
