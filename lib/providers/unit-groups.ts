import { parseUnitName } from "../systemd/index.js";

/** Units that start, roll and go together: those of one instance, or all that are no instance. */
export interface UnitGroup {
    /** The instance's name; empty for the units that are no instance. */
    readonly instance: string;
    /** In the order in which they start. */
    readonly units: readonly string[];
}

/** Groups units by instance, in the order in which the instances come. */
export function groupUnits(units: readonly string[]): UnitGroup[] {
    const groups = new Map<string, string[]>();
    for (const unit of units) {
        const { instance = "" } = parseUnitName(unit);
        groups.set(instance, [...(groups.get(instance) ?? []), unit]);
    }
    return Array.from(groups, ([instance, own]) => ({ instance, units: own }));
}

/** Orders groups by instance, the highest number first; those without a number by name, the last first. */
export function highestFirst(groups: readonly UnitGroup[]): UnitGroup[] {
    return [...groups].sort((a, b) =>
        b.instance.localeCompare(a.instance, "en", { numeric: true }),
    );
}

/** A few names, and how many there are beyond. */
export function someOf(names: readonly string[], most = 4): string {
    return names.length <= most + 1
        ? names.join(", ")
        : `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
}
