import { type FleetUnit, parseUnitName, requirementsOf } from "../../fleet/index.js";
import { appended, type Draft, draftOf, unitOf } from "./assignments.js";
import { peerName, peersIn } from "./parts.js";
import { triggeredBy } from "./triggers.js";

/** `web@.service` is the main unit of service `web`; other types keep their suffix: `tick@.timer` is `tick.timer`. */
export function serviceName(file: string): string {
    const { prefix, suffix } = parseUnitName(file);
    return suffix === ".service" ? prefix : `${prefix}${suffix}`;
}

/** A unit with its drop-ins, by their names, as systemd reads them together. */
export function withDropIns(
    unit: FleetUnit,
    dropIns: Readonly<Record<string, FleetUnit>>,
): FleetUnit {
    const names = Object.keys(dropIns).sort();
    const drafts = names.map((name) => draftOf(dropIns[name] ?? {}, name));
    return unitOf(drafts.reduce<Draft>(appended, draftOf(unit, "unit")));
}

/**
 * Which unit files belong together: for each main unit's file those of its further units. A unit belongs to the one
 * that its MachineOf or BindsTo names, and a timer, path or socket to what it starts.
 */
export function groupUnits(units: Readonly<Record<string, FleetUnit>>): Map<string, string[]> {
    const files = Object.keys(units).sort();
    const byName = new Map(files.map((file) => [peerName(file), file]));
    const owner = (file: string): string | undefined => {
        const unit = units[file] ?? {};
        const part = { path: "unit", file, source: draftOf(unit, "unit") };
        const named = [
            ...requirementsOf(unit, peerName(file)).machineOf,
            ...peersIn(part, "Unit", ["BindsTo"]),
            triggeredBy(part) ?? "",
        ];
        const { isTemplate } = parseUnitName(file);
        return named
            .flatMap((name) => byName.get(name) ?? [])
            .find((other) => other !== file && parseUnitName(other).isTemplate === isTemplate);
    };
    const groups = new Map<string, string[]>();
    for (const file of files) {
        const chain = [file];
        for (let next = owner(file); next !== undefined && !chain.includes(next); ) {
            chain.push(next);
            next = owner(next);
        }
        const last = chain.at(-1) ?? file;
        const loop = owner(last);
        const main =
            loop === undefined ? last : ([...chain.slice(chain.indexOf(loop))].sort()[0] ?? last);
        groups.set(main, [...(groups.get(main) ?? []), ...(main === file ? [] : [file])]);
    }
    return groups;
}
