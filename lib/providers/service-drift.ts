import type { FleetApiUnit, FleetUnitState } from "../clients/fleet.js";
import { isOfOtherText } from "./service-groups.js";
import type { ServiceInputs } from "./service-inputs.js";
import { someOf } from "./unit-groups.js";
import {
    declaredOptions,
    ownerOf,
    templatesOf,
    unitOf,
    type WantedUnit,
    wantedUnit,
} from "./wanted-unit.js";

/** A unit that is not as it was declared. */
export interface Drift {
    readonly unit: string;
    /** What is the matter, as a clause. */
    readonly what: string;
}

/**
 * Compares what fleet has with what was declared. Where a unit runs is fleet's business.
 *
 * @param nameOf a machine's name by fleet's id
 */
export function driftOf(
    inputs: ServiceInputs,
    standing: readonly FleetApiUnit[],
    states: readonly FleetUnitState[],
    nameOf: (machineId: string) => string,
): Drift[] {
    const wanted = [
        ...templatesOf(inputs).map((name) =>
            unitOf(name, declaredOptions(name, inputs), "inactive"),
        ),
        ...inputs.units.map((name) => wantedUnit(name, inputs)),
    ];
    return wanted.flatMap((unit) => {
        const found = standing.find(({ name }) => name === unit.name);
        const own = states.filter(({ name }) => name === unit.name);
        const what = driftOfUnit(unit, found, own, inputs.owner, nameOf);
        return what === undefined ? [] : [{ unit: unit.name, what }];
    });
}

/** One line for each kind of drift, with the units that it is about. */
export function tellDrift(drift: readonly Drift[]): string[] {
    const kinds = new Map<string, string[]>();
    for (const { unit, what } of drift) {
        kinds.set(what, [...(kinds.get(what) ?? []), unit]);
    }
    return Array.from(kinds, ([what, units]) => `${someOf(units)}: ${what}`);
}

function driftOfUnit(
    wanted: WantedUnit,
    standing: FleetApiUnit | undefined,
    states: readonly FleetUnitState[],
    owner: string,
    nameOf: (machineId: string) => string,
): string | undefined {
    if (standing === undefined) {
        return "fleet does not have it any more";
    }
    if (ownerOf(standing.options) !== owner) {
        return "another unit has taken its name";
    }
    if (isOfOtherText({ wanted, standing })) {
        return "its text was changed";
    }
    const desired = standing.desiredState ?? "inactive";
    if (desired !== wanted.state) {
        return `fleet was told to have it ${desired}, not ${wanted.state}`;
    }
    if (wanted.state === "inactive" || wanted.isTriggered) {
        return undefined;
    }
    if (!wanted.isGlobal && standing.machineID === undefined) {
        return "fleet has not placed it on any machine";
    }
    if (wanted.state === "loaded") {
        return undefined;
    }
    const amiss = states.find(
        ({ systemdActiveState: active }) =>
            active === "failed" || (active === "inactive" && !wanted.isOneshot),
    );
    if (amiss === undefined) {
        return undefined;
    }
    const machine = nameOf(amiss.machineID ?? "");
    return amiss.systemdActiveState === "failed"
        ? `it failed on ${machine}`
        : `it does not run on ${machine}`;
}
