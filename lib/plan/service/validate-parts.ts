import { parseUnitName, validateFleetUnitName } from "../../fleet/index.js";
import { given, type Problem } from "../../problem.js";
import { valuesOf } from "./assignments.js";
import { isGlobal } from "./beside.js";
import { CHECK } from "./check-unit.js";
import { instancePath } from "./instances.js";
import { aboutUnknown } from "./known-keys.js";
import { fullName, type Part } from "./parts.js";
import type { ServicePlan } from "./plan.js";
import { typeOf } from "./restart.js";

/** What is wrong with the names of a service's units, and with how they stand to each other. */
export function validateParts(plan: ServicePlan): Problem[] {
    const names = validateNames(plan);
    return [
        ...names,
        ...(names.length > 0 ? [] : validateRoles(plan)),
        ...validateOverrides(plan),
        ...validateMainAdditions(plan),
    ];
}

function validateNames(plan: ServicePlan): Problem[] {
    const ofFiles = plan.parts.flatMap((part) =>
        validateFleetUnitName(part.file).map((problem) => ({
            ...problem,
            path: part === plan.main ? "name" : part.path,
        })),
    );
    if (ofFiles.length > 0) {
        return ofFiles;
    }
    const files = plan.parts.map(({ file }) => file);
    const twice = plan.parts.filter(({ file }, index) => files.indexOf(file) !== index);
    return [
        ...twice.map(({ path, file }) => ({
            path: path === CHECK ? "check.every" : path,
            given: given(file),
            allowed: "is the name of another unit of the service; choose another",
        })),
        ...(plan.instances ?? []).flatMap((instance, index) =>
            instance === ""
                ? []
                : validateFleetUnitName(fullName(plan.main.file, instance)).map((problem) => ({
                      ...problem,
                      path: instancePath(plan.service.instances, index),
                  })),
        ),
    ];
}

function validateRoles({ service, main, parts, triggered }: ServicePlan): Problem[] {
    const problems: Problem[] = [];
    const further = parts.filter((part) => part !== main && part.path !== CHECK);
    const isStarter = /\.(timer|path|socket)$/.test(main.file);
    for (const part of further) {
        if (isStarter && triggered.has(part)) {
            problems.push({
                path: part.path,
                given: given(part.file),
                allowed: `is what ${main.file} starts, and must be there before it: make this one the main unit, and ${main.file} one of its \`units\``,
            });
        }
        if (isGlobal(main.source) && !isGlobal(part.source)) {
            problems.push({
                path: `${part.path}.X-Fleet.Global`,
                allowed: `must be true, as it is in ${main.file}: a unit can't run beside one that is on every machine`,
            });
        }
    }
    return [
        ...problems,
        ...(service.check?.every === undefined ? [] : validatePeriodic(main, triggered.has(main))),
    ];
}

/** Whether an instance that was killed comes back. */
function validatePeriodic(main: Part, isTriggered: boolean): Problem[] {
    const problem = (allowed: string, value?: string): Problem[] => [
        { path: "check.every", ...(value === undefined ? {} : { given: value }), allowed },
    ];
    const isService = parseUnitName(main.file).suffix === ".service";
    if (!isService || isTriggered || typeOf(main.source) === "oneshot") {
        return problem(`needs a service that runs all the time; ${main.file} is none`);
    }
    const restart = valuesOf(main.source, "Service", "Restart").at(-1) ?? "always";
    return /^(no|on-success|on-watchdog)$/.test(restart)
        ? problem(
              "what is killed must come back: leave Restart out, or take always, on-failure or on-abnormal",
              `Restart=${restart}`,
          )
        : [];
}

function validateOverrides({ sources: { instances, units } }: ServicePlan): Problem[] {
    return Array.from(instances).flatMap(([id, own]) =>
        Object.keys(own.units ?? {})
            .filter((key) => !units.has(key))
            .map((key) => ({
                path: `instances.${id}.units.${key}`,
                given: given(key),
                allowed: `is none of the service's \`units\`; ${aboutUnknown(key, [...units.keys()])}`,
            })),
    );
}

/** Environment and secrets belong to a process. */
function validateMainAdditions({ service, main }: ServicePlan): Problem[] {
    const { environment = {}, secrets = [] } = service;
    const isService = main.file.endsWith(".service");
    const allowed = `needs a main unit that is a service; ${main.file} is none`;
    return [
        ...(isService || Object.keys(environment).length === 0
            ? []
            : [{ path: "environment", allowed }]),
        ...(isService || secrets.length === 0 ? [] : [{ path: "secrets", allowed }]),
    ];
}
