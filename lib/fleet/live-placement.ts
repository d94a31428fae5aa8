import type { Problem } from "../problem.js";
import { parseUnitName } from "../systemd/index.js";
import { candidatesOf } from "./candidates.js";
import { colocate } from "./colocation.js";
import { findCrowds } from "./crowds.js";
import type { FleetUnit } from "./document.js";
import { fromOptions, type UnitOption } from "./options.js";
import { findUnpackable } from "./packing.js";
import type { MachineFacts, PlacedUnit } from "./placed-unit.js";
import { placementsOf } from "./possible.js";
import { Relations } from "./relations.js";
import { requirementsOf } from "./requirements.js";
import { crowdProblem, unpackableProblem } from "./rival-problems.js";

/** A machine as fleet's API has it. */
export interface LiveMachine {
    /** The whole of its `/etc/machine-id`. */
    readonly id: string;
    /** Its fleet metadata; default none. */
    readonly metadata?: Readonly<Record<string, string>>;
    /** Its name, for messages; default the first 8 characters of the id, as fleetctl shows it. */
    readonly name?: string;
}

/** A unit as fleet's API has it. */
export interface LiveUnit {
    /** Name with its suffix. */
    readonly name: string;
    /** Its text; default empty. */
    readonly options?: readonly UnitOption[];
    /** Default inactive. */
    readonly desiredState?: "inactive" | "loaded" | "launched";
    /** Full id of the machine to which fleet has given it. */
    readonly machineID?: string;
}

/** A unit that is to run. */
export interface WantedUnit {
    /** Name with its suffix. */
    readonly name: string;
    /** What it is. */
    readonly unit: FleetUnit;
    /** Default launched. fleet places no inactive unit. */
    readonly desiredState?: "inactive" | "loaded" | "launched";
}

/**
 * Which of the wanted units fleet can't place as the cluster is now, each with the reason, a clause in
 * plain words. What stands on machines stays there: fleet moves nothing to make room. A wanted unit
 * takes the place of the one with its name. Where several wanted units compete for too few machines,
 * each of them that has none yet is named. Nothing is said of what fleet may be able to place.
 *
 * @param live every unit of the cluster, but for those that are about to be removed
 */
export function unplaceableNow(
    machines: readonly LiveMachine[],
    live: readonly LiveUnit[],
    wanted: readonly WantedUnit[],
): Map<string, string> {
    const hosts = machines.map(factsOf);
    const units = unitsOf(hosts, live, wanted);
    const candidates = candidatesOf(units, hosts);
    const relations = new Relations(candidates);
    const placements = new Map(
        placementsOf(candidates, hosts, relations, { complete: true }).map((one) => [
            one.name,
            one,
        ]),
    );
    const asked = new Set(
        wanted.filter(({ desiredState }) => desiredState !== "inactive").map(({ name }) => name),
    );
    const reasons = new Map<string, string>();
    for (const { name, reason } of placements.values()) {
        if (reason !== undefined && asked.has(name)) {
            reasons.set(name, reason);
        }
    }
    const waiting = candidates.filter(({ name, requirements, on }) => {
        const stays = on !== undefined && placements.get(name)?.certain?.name === on;
        return asked.has(name) && !requirements.global && !reasons.has(name) && !stays;
    });
    const domains = new Map(
        waiting.map((candidate) => {
            const open = new Set(placements.get(candidate.name)?.machines);
            return [candidate, { machines: open, given: open, keptBy: [], missing: [] }];
        }),
    );
    const groups = colocate(waiting, domains, relations);
    const crowds = findCrowds(groups, relations);
    const crowded = new Set(crowds.flatMap((crowd) => crowd.groups));
    const rest = groups.filter((group) => !crowded.has(group));
    const sets = [
        ...crowds.map((crowd) => ({
            groups: crowd.groups,
            problem: crowdProblem(crowd, relations, hosts.length > crowd.machines.length),
        })),
        ...findUnpackable(rest, relations).map((set) => ({
            groups: set,
            problem: unpackableProblem(set, relations),
        })),
    ];
    for (const { groups: own, problem } of sets.filter(isError)) {
        for (const { name, on } of own.flatMap((group) => group.units)) {
            if (on === undefined && !reasons.has(name)) {
                reasons.set(name, `of ${problem.given}: ${problem.allowed}`);
            }
        }
    }
    return reasons;
}

function isError({ problem }: { readonly problem: Problem }): boolean {
    return problem.severity !== "warning";
}

function factsOf({ id, metadata = {}, name = id.slice(0, 8) }: LiveMachine): MachineFacts {
    return { id, metadata, name };
}

/** All that the engine will see: no inactive unit, but for the global ones, which it counts all the same. */
function unitsOf(
    hosts: readonly MachineFacts[],
    live: readonly LiveUnit[],
    wanted: readonly WantedUnit[],
): PlacedUnit[] {
    const asked = new Set(wanted.map(({ name }) => name));
    const isSeen = (name: string, unit: FleetUnit, state: string) =>
        !parseUnitName(name).isTemplate &&
        (state !== "inactive" || requirementsOf(unit, name).global);
    const places = new Map(
        live.map(({ name, machineID }) => [name, hosts.find(({ id }) => id === machineID)?.name]),
    );
    const standing = (name: string, unit: FleetUnit, isKnown: boolean): PlacedUnit => {
        const on = requirementsOf(unit, name).global
            ? isKnown
                ? "every machine"
                : undefined
            : places.get(name);
        return on === undefined ? { name, unit } : { name, unit, on };
    };
    return [
        ...live
            .map((one) => ({ ...one, unit: fromOptions(one.options ?? []) }))
            .filter(
                ({ name, unit, desiredState = "inactive" }) =>
                    !asked.has(name) && isSeen(name, unit, desiredState),
            )
            .map(({ name, unit }) => standing(name, unit, true)),
        ...wanted
            .filter(({ name, unit, desiredState = "launched" }) => isSeen(name, unit, desiredState))
            .map(({ name, unit }) => standing(name, unit, false)),
    ];
}
