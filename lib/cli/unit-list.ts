import type { FleetApiUnit, FleetMachine, FleetUnitState } from "../clients/index.js";
import { candidatesOf } from "../fleet/candidates.js";
import { fromOptions, parseUnitName, requirementsOf } from "../fleet/index.js";
import type { MachineOutput, ServiceOutput } from "./outputs.js";

/** One unit as fleet has it now; a global one has a line for each machine that is to run it. */
export interface UnitStatus {
    readonly name: string;
    /** Name of the machine that it is on, or its id in fleet; absent where it is nowhere. */
    readonly machine?: string;
    /** State that fleet was asked for. */
    readonly desired: string;
    /** systemd's active and sub state: `active/running`; `inactive/unknown` where nobody has said anything of it. */
    readonly state: string;
    /** Why it is not well, with the last line that its program wrote; absent where nothing is known. */
    readonly error?: string;
}

/** A declared service and how many of its instances run. */
export interface ServiceStatus {
    readonly name: string;
    readonly declared: number;
    readonly active: number;
}

/** What fleet says of a cluster. */
export interface FleetAnswer {
    readonly machines: readonly FleetMachine[];
    readonly units: readonly FleetApiUnit[];
    readonly states: readonly FleetUnitState[];
}

const UNREPORTED = "inactive/unknown";

/** Whether the unit is on a machine, and fleet has no word of how it is there. */
export function isUnreported({ machine, state }: UnitStatus): boolean {
    return machine !== undefined && state === UNREPORTED;
}

/** Whether the unit does what it was asked for. */
export function isActive(unit: UnitStatus): boolean {
    return unit.state.startsWith("active/");
}

/** Whether fleet is to run the unit, and it does not run. */
export function isUnwell(unit: UnitStatus): boolean {
    return unit.desired === "launched" && !isActive(unit);
}

/** Whether a unit is one of a service's: `hello@1.service` or `hello.service` of `hello`. */
export function isInstanceOf(unit: string, service: string): boolean {
    const name = unit.replace(/\.[a-z]+$/, "");
    return name === service || name.startsWith(`${service}@`);
}

/** The units by name, each with the machines it is on. */
export function listUnits(fleet: FleetAnswer, machines: readonly MachineOutput[]): UnitStatus[] {
    const nameOf = (id: string): string =>
        machines.find(({ machineId }) => machineId === id)?.name ?? id;
    return fleet.units
        .filter((unit) => !parseUnitName(unit.name).isTemplate)
        .flatMap((unit) => {
            const places = placesOf(unit, fleet);
            return (places.length === 0 ? [undefined] : places).map((id) => {
                const state = fleet.states.find(
                    ({ name, machineID }) => name === unit.name && machineID === id,
                );
                return {
                    name: unit.name,
                    ...(id === undefined ? {} : { machine: nameOf(id) }),
                    desired: unit.desiredState ?? "",
                    state:
                        state === undefined
                            ? UNREPORTED
                            : `${state.systemdActiveState ?? "inactive"}/${state.systemdSubState ?? "unknown"}`,
                };
            });
        })
        .sort(
            (one, other) =>
                compare(one.name, other.name) || compare(one.machine ?? "", other.machine ?? ""),
        );
}

/** How many instances of a service run; a global unit counts once, where it runs on all its machines. */
export function countActive(service: ServiceOutput, units: readonly UnitStatus[]): ServiceStatus {
    const own = units.filter((unit) => isInstanceOf(unit.name, service.name));
    const names = [...new Set(own.map(({ name }) => name))];
    const active = names.filter((name) =>
        own.every((unit) => unit.name !== name || isActive(unit)),
    );
    return { name: service.name, declared: service.instances, active: active.length };
}

/** Ids of the machines that run a unit, or are to. */
function placesOf(unit: FleetApiUnit, { machines, states }: FleetAnswer): string[] {
    const document = fromOptions(unit.options ?? []);
    if (!requirementsOf(document, unit.name).global) {
        return unit.machineID === undefined || unit.machineID === "" ? [] : [unit.machineID];
    }
    const facts = machines.map(({ id, metadata }) => ({ name: id, metadata: metadata ?? {} }));
    const [candidate] = candidatesOf([{ name: unit.name, unit: document }], facts);
    const meant = Array.from(candidate?.eligible ?? [], ({ name }) => name);
    const reported = states.flatMap(({ name, machineID }) =>
        name === unit.name && machineID !== undefined ? [machineID] : [],
    );
    return [...new Set([...meant, ...reported])];
}

function compare(one: string, other: string): number {
    return one.localeCompare(other, "en", { numeric: true });
}
