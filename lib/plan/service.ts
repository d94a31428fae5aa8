import {
    checkPlacement,
    type FleetUnit,
    instanceName,
    parseUnitName,
    templateName,
    validateFleetUnit,
    validateFleetUnitName,
} from "../fleet/index.js";
import { errorsOf, given, type Problem } from "../problem.js";
import { parseUnit, renderUnit } from "../systemd/index.js";
import type { PlannedMachine } from "./shape.js";

/** How many instances, numbered from 1, or the instances' names. */
export type Instances = number | readonly (string | number)[];

/** Most instances of a service; ten times what fleet 1.0.0 was made for. */
const MOST_INSTANCES = 10_000;

/** Names under which a service's units stand in fleet. */
export interface ServiceUnits {
    /** Absent for a unit that is no template. */
    readonly template?: string;
    readonly units: readonly string[];
}

/** A service as it was declared. */
export interface DeclaredService {
    readonly name: string;
    readonly instances: Instances | undefined;
    readonly unit: FleetUnit | string;
    readonly machines: readonly PlannedMachine[];
}

/** Names of a service's units: `hello@1.service`, `hello@2.service`; or `hello.service` alone. */
export function planUnits(name: string, instances: Instances | undefined): ServiceUnits {
    if (instances === undefined) {
        return { units: [unitName(name)] };
    }
    const template = templateName(name);
    const ids =
        typeof instances === "number"
            ? Array.from({ length: isCount(instances) ? instances : 0 }, (_, index) => index + 1)
            : instances;
    return { template, units: ids.map((id) => instanceName(template, String(id))) };
}

/** Everything that is wrong with a service, and what fleet could never place. */
export function validateService(service: DeclaredService): Problem[] {
    const { name, instances } = service;
    const problems = validateInstances(instances);
    if (errorsOf(problems).length > 0) {
        return problems;
    }
    const { template, units } = planUnits(name, instances);
    const names = (template === undefined ? units : [template, ...units]).flatMap(
        validateFleetUnitName,
    );
    let unit: FleetUnit;
    try {
        unit = typeof service.unit === "string" ? parseUnit(service.unit) : service.unit;
    } catch (cause) {
        const sentence = cause instanceof Error ? cause.message : String(cause);
        const allowed = sentence.replace(/^Line/, "line").replace(/\.$/, "");
        return [...names, { path: "unit", allowed }];
    }
    const ofUnit = validateFleetUnit(template ?? units[0] ?? name, unit).map((problem) =>
        problem.path === "name" ? problem : { ...problem, path: `unit.${problem.path}` },
    );
    const found = unique([...names, ...ofUnit]);
    if (errorsOf(found).length > 0) {
        return found;
    }
    const placement = checkPlacement(
        units.map((each) => ({ name: each, unit })),
        service.machines.map((machine) => ({ name: machine.name, metadata: machine.metadata })),
    );
    // Every unit is a copy of one text, and that is what the user wrote.
    const own = (path: string) => path.replace(/^.*?\.X-Fleet\b/, "unit.X-Fleet");
    return [...found, ...placement.map((one) => ({ ...one, path: own(one.path) }))];
}

/**
 * Text of a service's unit file, with the section that says whose it is.
 *
 * @param stopDelay seconds that a stop takes at least; 0 for as long as it takes. fleet's agent asks systemd to
 * reset the state of a unit that it stopped; where systemd has forgotten the unit already, the agent
 * drops the rest of its work until its next pass, 5 seconds later (fleet 1.0.0, agent/reconcile.go).
 */
export function renderServiceUnit(unit: FleetUnit | string, owner: string, stopDelay = 0): string {
    const document = typeof unit === "string" ? parseUnit(unit) : unit;
    const { Service: service } = document;
    const delayed =
        stopDelay > 0 && service !== undefined && service.ExecStopPost === undefined
            ? { Service: { ...service, ExecStopPost: `/bin/sleep ${stopDelay}` } }
            : {};
    return renderUnit({ ...document, ...delayed, "X-Pulumi": { Owner: owner } });
}

function validateInstances(instances: Instances | undefined): Problem[] {
    if (typeof instances === "number") {
        return isCount(instances)
            ? []
            : [
                  {
                      path: "instances",
                      given: given(instances),
                      allowed: `must be a whole number from 0 to ${MOST_INSTANCES}`,
                  },
              ];
    }
    const seen = new Set<string>();
    return (instances ?? []).flatMap((id, index): Problem[] => {
        const text = String(id);
        const path = `instances[${index}]`;
        if (text === "" || (typeof id === "number" && (!Number.isInteger(id) || id < 0))) {
            return [
                { path, given: given(id), allowed: "must be a name, or a number of 0 or more" },
            ];
        }
        if (seen.has(text)) {
            return [{ path, given: given(id), allowed: "is there twice" }];
        }
        seen.add(text);
        return [];
    });
}

function isCount(instances: number): boolean {
    return Number.isInteger(instances) && instances >= 0 && instances <= MOST_INSTANCES;
}

/** `hello` gives `hello.service`; a name with a unit's suffix keeps it. */
function unitName(name: string): string {
    return validateFleetUnitName(name).length === 0 && parseUnitName(name).suffix !== ""
        ? name
        : `${name}.service`;
}

function unique(problems: readonly Problem[]): Problem[] {
    const seen = new Set<string>();
    return problems.filter((problem) => {
        const key = `${problem.path} ${problem.given} ${problem.allowed}`;
        const isNew = !seen.has(key);
        seen.add(key);
        return isNew;
    });
}
