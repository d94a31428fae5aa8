import { directivesOf } from "../systemd/index.js";
import type { FleetUnit } from "./document.js";
import { expandSpecifiers } from "./specifiers.js";

/** What a unit asks of the machine that runs it. */
export interface Requirements {
    /** The one machine that it may run on, by its `/etc/machine-id`; absent for any. */
    readonly machineId?: string;
    /** Names of the units that it must run beside. */
    readonly machineOf: readonly string[];
    /** Allowed values by metadata key. */
    readonly metadata: ReadonlyMap<string, ReadonlySet<string>>;
    /** Globs. */
    readonly conflicts: readonly string[];
    /** Globs. */
    readonly replaces: readonly string[];
    /** Whether it runs on every machine that the others allow. */
    readonly global: boolean;
}

/** One value of `[X-Fleet]`, and where it stands. */
export interface RequirementValue {
    readonly key: string;
    readonly value: string;
    readonly path: string;
}

/** Today's name of each key that `[X-Fleet]` may hold. The last five are those of fleet's first year. */
export const requirementKeys: ReadonlyMap<string, string> = new Map([
    ["MachineID", "MachineID"],
    ["MachineOf", "MachineOf"],
    ["MachineMetadata", "MachineMetadata"],
    ["Conflicts", "Conflicts"],
    ["Global", "Global"],
    ["Replaces", "Replaces"],
    ["X-ConditionMachineID", "MachineID"],
    ["X-ConditionMachineBootID", "MachineID"],
    ["X-ConditionMachineOf", "MachineOf"],
    ["X-ConditionMachineMetadata", "MachineMetadata"],
    ["X-Conflicts", "Conflicts"],
]);

/** The values of `[X-Fleet]`; a line that begins and ends with a quote holds several. */
export function requirementValues(unit: FleetUnit): RequirementValue[] {
    return directivesOf({ "X-Fleet": unit["X-Fleet"] }).flatMap(({ name, value, path }) =>
        splitLine(value).map((single) => ({ key: name, value: single, path })),
    );
}

/**
 * A unit's requirements as fleet 1.0.0 understands them. Malformed metadata is dropped, as fleet does;
 * `validateFleetUnit` reports it.
 *
 * @param name the unit's name, for specifiers; without it they stay, as where fleet accepts a unit.
 */
export function requirementsOf(unit: FleetUnit, name?: string): Requirements {
    const all = requirementValues(unit).map(({ key, value }) => ({
        key,
        value: name === undefined ? value : expandSpecifiers(value, name),
    }));
    const of = (...keys: string[]) =>
        keys.flatMap((key) => all.filter((each) => each.key === key).map((each) => each.value));
    const [machineId] = of("MachineID", "X-ConditionMachineID", "X-ConditionMachineBootID");
    return {
        ...(machineId === undefined ? {} : { machineId }),
        machineOf: of("X-ConditionMachineOf", "MachineOf"),
        metadata: alternatives(of("X-ConditionMachineMetadata", "MachineMetadata")),
        conflicts: of("X-Conflicts", "Conflicts").flatMap(words),
        replaces: of("Replaces"),
        global: isTruthy(of("Global").at(-1) ?? ""),
    };
}

/** Whether fleet takes this as yes. */
export function isTruthy(value: string): boolean {
    return /^(true|yes|1|on|t)$/i.test(value);
}

/** The words of a value; `Conflicts` may hold several globs on one line. */
export function words(value: string): string[] {
    return value.split(/\s+/).filter((word) => word !== "");
}

/** Key and value of a metadata pair, or undefined for one that fleet drops. */
export function metadataPair(text: string): readonly [key: string, value: string] | undefined {
    const [key, value, ...more] = text.split("=");
    return key && value && more.length === 0 ? [key, value] : undefined;
}

function alternatives(pairs: readonly string[]): Map<string, Set<string>> {
    const metadata = new Map<string, Set<string>>();
    for (const [key, value] of pairs.flatMap((pair) => [metadataPair(pair) ?? []])) {
        if (key !== undefined && value !== undefined) {
            metadata.set(key, (metadata.get(key) ?? new Set()).add(value));
        }
    }
    return metadata;
}

function splitLine(line: string): string[] {
    if (!line.startsWith('"') || !line.endsWith('"')) {
        return [line];
    }
    const values: string[] = [];
    let current = "";
    let quoted = false;
    for (const character of line) {
        if (character === '"') {
            quoted = !quoted;
        } else if (character === " " && !quoted) {
            values.push(current);
            current = "";
        } else {
            current += character;
        }
    }
    return [...values, current];
}
