import type { Problem } from "../problem.js";
import { parseUnitName } from "../systemd/index.js";
import type { Candidate } from "./candidates.js";
import { viewOf } from "./cluster-view.js";
import { findTight } from "./crowds.js";
import type { MachineFacts, PlacedUnit } from "./placed-unit.js";
import { spokesman } from "./rival-problems.js";
import { listed, takers } from "./wording.js";

/**
 * What would have no machine if one machine fails, wherever fleet has put the rest: one warning for each
 * service, that is for all units with one prefix. Global units, and those that `MachineID` ties to
 * one machine on purpose, get none; nor does what `checkPlacement` refuses. For a cluster of one machine
 * there is one warning in all.
 *
 * That nothing is said does not promise a place: fleet moves no unit to make room for another.
 *
 * @returns warnings at paths such as `hello@1.service.X-Fleet.Conflicts`.
 */
export function checkSpare(
    units: readonly PlacedUnit[],
    machines: readonly MachineFacts[],
): Problem[] {
    const { jobs, groups, relations } = viewOf(units, machines);
    const [only, ...others] = machines;
    if (only !== undefined && others.length === 0) {
        return loneMachine(only, jobs.filter(isMovable));
    }
    const found = new Map<string, { units: Candidate[]; machines: readonly MachineFacts[] }[]>();
    for (const set of findTight(groups, relations)) {
        const own = set.groups
            .filter((group) => group.units.every(isMovable))
            .map((group) => spokesman(group, set.groups, relations));
        const [first] = own;
        if (first !== undefined) {
            const service = serviceOf(first);
            const sets = found.get(service) ?? [];
            found.set(service, [...sets, { units: own, machines: set.machines }]);
        }
    }
    return Array.from(found.values()).flatMap(([first, ...more]): Problem[] => {
        const [unit] = first?.units ?? [];
        if (first === undefined || unit === undefined) {
            return [];
        }
        const also = listed(more.flatMap((set) => set.units));
        return [
            {
                path: `${unit.name}.X-Fleet.${tieOf(unit, first.units.length > 1)}`,
                allowed: `if one machine fails, ${whoIsLost(first.units)} has nowhere to go: ${takers(first.machines, first.units.length > 1 ? "them" : "it")}${also === "" ? "" : `; the same holds for ${also}`}`,
                severity: "warning",
            },
        ];
    });
}

function loneMachine({ name }: MachineFacts, units: readonly Candidate[]): Problem[] {
    const services = Array.from(new Set(units.map(serviceOf)), (service) => ({ name: service }));
    return services.length === 0
        ? []
        : [
              {
                  path: "machines",
                  given: name,
                  allowed: `if this machine fails, there is no other for ${listed(services)}`,
                  severity: "warning",
              },
          ];
}

/** `hello.service`, `one of the 3 instances of hello`, or `one of a.service, b.service`. */
function whoIsLost(units: readonly Candidate[]): string {
    const [first] = units;
    if (first !== undefined && units.length === 1) {
        return first.name;
    }
    const services = new Set(units.map(serviceOf));
    const [service] = services;
    return services.size === 1
        ? `one of the ${units.length} instances of ${service}`
        : `one of ${listed(units)}`;
}

/** The key of `[X-Fleet]` that leaves the unit so few machines, as far as it is the unit's own. */
function tieOf({ requirements }: Candidate, hasRivals: boolean): string {
    const { conflicts, replaces, metadata, machineOf } = requirements;
    if (hasRivals) {
        return conflicts.length === 0 && replaces.length > 0 ? "Replaces" : "Conflicts";
    }
    return metadata.size === 0 && machineOf.length > 0 ? "MachineOf" : "MachineMetadata";
}

function isMovable({ requirements }: Candidate): boolean {
    return requirements.machineId === undefined;
}

function serviceOf({ name }: Candidate): string {
    return parseUnitName(name).prefix;
}
