import { compileGlob, type Glob } from "./glob.js";
import type { MachineFacts, PlacedUnit } from "./placed-unit.js";
import { type Requirements, requirementsOf } from "./requirements.js";

/** A unit with what it asks for, and the machines whose metadata satisfies it. */
export interface Candidate {
    readonly name: string;
    readonly requirements: Requirements;
    /** The globs of `Conflicts`, compiled. */
    readonly conflicts: readonly Glob[];
    readonly eligible: ReadonlySet<MachineFacts>;
}

/** Works out each unit's requirements once. Of several units with one name the last counts. */
export function candidatesOf(
    units: readonly PlacedUnit[],
    machines: readonly MachineFacts[],
): Candidate[] {
    const byName = new Map(units.map(({ name, unit }) => [name, unit]));
    // Instances of a template mostly ask for the same.
    const eligible = new Map<string, ReadonlySet<MachineFacts>>();
    const eligibleFor = (requirements: Requirements): ReadonlySet<MachineFacts> => {
        const wanted = Array.from(requirements.metadata, ([key, values]) => [key, ...values]);
        const key = JSON.stringify(wanted);
        const found =
            eligible.get(key) ??
            new Set(machines.filter((machine) => satisfies(machine, requirements)));
        eligible.set(key, found);
        return found;
    };
    return Array.from(byName, ([name, unit]) => {
        const requirements = requirementsOf(unit, name);
        return {
            name,
            requirements,
            conflicts: requirements.conflicts.flatMap((glob) => compileGlob(glob) ?? []),
            eligible: eligibleFor(requirements),
        };
    });
}

/** Whether two units can't share a machine: either may say so, and no unit conflicts with itself. */
export function conflicting(
    one: Candidate,
    other: { readonly name: string; readonly conflicts?: readonly Glob[] },
): boolean {
    return (
        one.name !== other.name &&
        (one.conflicts.some((glob) => glob.test(other.name)) ||
            (other.conflicts ?? []).some((glob) => glob.test(one.name)))
    );
}

function satisfies({ metadata }: MachineFacts, requirements: Requirements): boolean {
    return Array.from(requirements.metadata).every(([key, values]) => {
        const value = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
        return value !== undefined && values.has(value);
    });
}
