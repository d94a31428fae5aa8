import type { FleetApiUnit, FleetUnitState } from "../clients/fleet.js";
import { type GroupPlan, type GroupStep, isAmiss, isOfOtherText } from "./service-groups.js";
import type { ServiceInputs } from "./service-inputs.js";
import { groupUnits, highestFirst, type UnitGroup } from "./unit-groups.js";
import { ownerOf, templatesOf, type WantedUnit, wantedUnit } from "./wanted-unit.js";

/** What lies between what stands and what was declared. */
export interface ServiceChanges {
    /** Groups that don't run and lose nothing by being brought up. */
    readonly down: readonly GroupPlan[];
    /** Groups that run, and are to run another text. */
    readonly roll: readonly GroupPlan[];
    /** Groups that fleet does not have, or has not placed, or that go to another state. */
    readonly bring: readonly GroupPlan[];
    /** Groups that are as they should be, as far as fleet knows. */
    readonly right: readonly GroupPlan[];
    /** Groups that are the service's own and were not declared any more, in the order in which they go. */
    readonly surplus: readonly UnitGroup[];
}

/** Compares what fleet has with what was declared. */
export function changesOf(
    inputs: ServiceInputs,
    standing: readonly FleetApiUnit[],
    states: readonly FleetUnitState[],
): ServiceChanges {
    const byName = new Map(standing.map((unit) => [unit.name, unit]));
    const plans = groupUnits(inputs.units).map(({ instance, units }): GroupPlan => {
        const steps = units.map((name): GroupStep => {
            const wanted = wantedUnit(name, inputs);
            const unit = byName.get(name);
            const isDown = unit !== undefined && isStopped(wanted, unit, states);
            return { wanted, isDown, ...(unit === undefined ? {} : { standing: unit }) };
        });
        return { instance, steps };
    });
    const of = (kind: string): GroupPlan[] => plans.filter((plan) => kindOf(plan, states) === kind);
    return {
        down: of("down"),
        roll: of("roll"),
        bring: of("bring"),
        right: of("right"),
        surplus: surplusOf(inputs, standing),
    };
}

/** The service's own groups that were not declared, the highest numbers first. */
function surplusOf(inputs: ServiceInputs, standing: readonly FleetApiUnit[]): UnitGroup[] {
    const wanted = new Set([...Object.keys(inputs.files), ...inputs.units]);
    return ownGroups(
        inputs,
        standing.filter(({ name }) => !wanted.has(name)),
    );
}

/** Groups of those units that are the service's own, the highest numbers first. */
export function ownGroups(inputs: ServiceInputs, standing: readonly FleetApiUnit[]): UnitGroup[] {
    const own = standing.filter(({ options }) => ownerOf(options) === inputs.owner);
    return highestFirst(groupUnits(inStartOrder(own, inputs)));
}

/** Names of units in the order in which those of an instance start, as far as it is known: unknown ones last. */
function inStartOrder(
    units: readonly FleetApiUnit[],
    { units: declared, files }: ServiceInputs,
): string[] {
    const kind = (name: string): string => name.replace(/@.*\./, "@.");
    const order = [...new Set([...declared, ...Object.keys(files)].map(kind))];
    const rank = (name: string): number => {
        const index = order.indexOf(kind(name));
        return index < 0 ? order.length : index;
    };
    return units.map(({ name }) => name).sort((a, b) => rank(a) - rank(b));
}

function kindOf({ steps }: GroupPlan, states: readonly FleetUnitState[]): keyof ServiceChanges {
    if (!steps.some(isAmiss)) {
        return steps.some(isUnplaced) ? "bring" : "right";
    }
    const isStarting = steps.some(({ wanted }) => wanted.state === "launched");
    const isChanged = steps.some((step) => step.standing !== undefined && isOfOtherText(step));
    if (isStarting && isChanged && steps.some((step) => mayRun(step, states))) {
        return "roll";
    }
    return isStarting && steps.some((step) => isPlaced(step) && !mayRun(step, states))
        ? "down"
        : "bring";
}

function isUnplaced({ wanted, standing }: GroupStep): boolean {
    return wanted.state !== "inactive" && !wanted.isGlobal && standing?.machineID === undefined;
}

type Known = Pick<GroupStep, "wanted"> & { readonly standing?: FleetApiUnit | undefined };

/** Whether fleet was told to run a unit, and has a machine for it. */
function isPlaced({ wanted, standing }: Known): boolean {
    return (
        standing?.desiredState === "launched" &&
        (wanted.isGlobal || standing.machineID !== undefined)
    );
}

/** Whether a unit runs, as far as is known: fleet's word on it may be missing for a while. */
function mayRun({ wanted, standing }: Known, states: readonly FleetUnitState[]): boolean {
    const own = states.filter(({ name }) => name === wanted.name);
    return (
        isPlaced({ wanted, standing }) &&
        !(own.length > 0 && own.every((state) => isDead(state, wanted)))
    );
}

function isDead({ systemdActiveState }: FleetUnitState, { isOneshot }: WantedUnit): boolean {
    return systemdActiveState === "failed" || (systemdActiveState === "inactive" && !isOneshot);
}

/** Whether fleet holds a unit for running, and systemd does not run it. */
function isStopped(
    wanted: WantedUnit,
    standing: FleetApiUnit,
    states: readonly FleetUnitState[],
): boolean {
    return (
        wanted.state === "launched" &&
        standing.desiredState === "launched" &&
        !isOfOtherText({ wanted, standing }) &&
        states.some((state) => state.name === wanted.name && isDead(state, wanted))
    );
}

/** Names of units and templates of these names that are another's, each with whose. */
export function foreignUnits(
    inputs: ServiceInputs,
    standing: readonly FleetApiUnit[],
): { readonly name: string; readonly owner: string }[] {
    const wanted = new Set([...templatesOf(inputs), ...inputs.units]);
    return standing
        .filter(({ name }) => wanted.has(name))
        .map(({ name, options }) => ({ name, owner: ownerOf(options) }))
        .filter(({ owner }) => owner !== inputs.owner);
}
