import type { FleetUnit } from "./document.js";
import type { MachineFacts, PlacedUnit } from "./placed-unit.js";
import { type Requirements, requirementsOf, requirementValues } from "./requirements.js";

/** A unit with what it asks for, and the machines whose id and metadata satisfy it. */
export interface Candidate {
    readonly name: string;
    readonly requirements: Requirements;
    /** One set for all candidates that ask for the same. */
    readonly eligible: ReadonlySet<MachineFacts>;
    /** Name of the machine to which fleet has given it already. */
    readonly on?: string;
}

/** Length of the short form of a machine's id, which `MachineID` takes too (fleet 1.0.0, machine/state.go). */
const SHORT_ID = 8;

/** Works out each unit's requirements once. Of several units with one name the last counts. */
export function candidatesOf(
    units: readonly PlacedUnit[],
    machines: readonly MachineFacts[],
): Candidate[] {
    const byName = new Map(units.map((unit) => [unit.name, unit]));
    const plain = new Map<FleetUnit, Requirements>();
    const requirementsFor = (name: string, unit: FleetUnit): Requirements => {
        const known = plain.get(unit);
        if (known !== undefined) {
            return known;
        }
        const requirements = requirementsOf(unit, name);
        if (!requirementValues(unit).some(({ value }) => value.includes("%"))) {
            plain.set(unit, requirements);
        }
        return requirements;
    };
    // Instances of a template mostly ask for the same.
    const eligible = new Map<string, ReadonlySet<MachineFacts>>();
    const of = new Map<Requirements, ReadonlySet<MachineFacts>>();
    const eligibleFor = (requirements: Requirements): ReadonlySet<MachineFacts> => {
        const same = of.get(requirements);
        if (same !== undefined) {
            return same;
        }
        const wanted = Array.from(requirements.metadata, ([key, values]) => [key, ...values]);
        const key = JSON.stringify([requirements.machineId, wanted]);
        const found =
            eligible.get(key) ??
            new Set(
                machines.filter(
                    (machine) =>
                        hasId(machine, requirements.machineId) &&
                        hasMetadata(machine, requirements),
                ),
            );
        eligible.set(key, found);
        of.set(requirements, found);
        return found;
    };
    return Array.from(byName.values(), ({ name, unit, on }) => {
        const requirements = requirementsFor(name, unit);
        return {
            name,
            requirements,
            eligible: eligibleFor(requirements),
            ...(on === undefined ? {} : { on }),
        };
    });
}

/** Whether a machine may be the one that `MachineID` asks for, by the whole id or its first 8 characters. */
export function hasId({ id }: MachineFacts, wanted: string | undefined): boolean {
    return (
        wanted === undefined ||
        id === undefined ||
        id === wanted ||
        id.slice(0, SHORT_ID) === wanted
    );
}

function hasMetadata({ metadata }: MachineFacts, requirements: Requirements): boolean {
    return Array.from(requirements.metadata).every(([key, values]) => {
        const value = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
        return value !== undefined && values.has(value);
    });
}
