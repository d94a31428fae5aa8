import {
    checkPlacement,
    type MachineFacts,
    validateFleetUnit,
    validateSecretNames,
} from "../../fleet/index.js";
import { errorsOf, given, type Problem } from "../../problem.js";
import { originsOf } from "./assignments.js";
import { CHECK } from "./check-unit.js";
import { validateEnvironment } from "./environment.js";
import { validateInstances } from "./instances.js";
import type { ServicePlan } from "./plan.js";
import { renderFiles, type UnitFile } from "./render.js";
import { validateCheck } from "./validate-check.js";
import { atLeast, oneOf, seconds } from "./validate-numbers.js";
import { validateParts } from "./validate-parts.js";

/**
 * Everything that is wrong with a service, and what fleet could never place.
 *
 * @param machines that run fleet; absent where they are not known, and placement is not judged
 */
export function validateService(
    plan: ServicePlan,
    machines: readonly MachineFacts[] | undefined,
): Problem[] {
    const declared = validateDeclaration(plan);
    const isNamed = new Set(plan.parts.map(({ file }) => file)).size === plan.parts.length;
    if (
        !isNamed ||
        plan.sources.problems.length > 0 ||
        declared.some(({ path }) => path === "name")
    ) {
        return declared;
    }
    const files = renderFiles(plan, { owner: "" });
    const problems = unique([...declared, ...validateTexts(files, plan)]);
    return errorsOf(problems).length > 0 || machines === undefined
        ? problems
        : unique([...problems, ...placementProblems(files, plan, machines)]);
}

/** What fleet could never place of a service with which nothing else is wrong. */
export function validatePlacement(plan: ServicePlan, machines: readonly MachineFacts[]): Problem[] {
    return unique(placementProblems(renderFiles(plan, { owner: "" }), plan, machines));
}

/** What is wrong with a service beside the directives of its units. */
export function validateDeclaration(plan: ServicePlan): Problem[] {
    const { service, sources } = plan;
    const { instances, environment = {}, secrets = [], dropIns = {}, check, rollout } = service;
    return unique([
        ...validateInstances(instances),
        ...validateParts(plan),
        ...validateEnvironment(environment, "environment"),
        ...Array.from(sources.instances).flatMap(([id, override]) =>
            validateEnvironment(override.environment ?? {}, `instances.${id}.environment`),
        ),
        ...validateDropInNames(Object.keys(dropIns)),
        ...(secrets.length === 0 ? [] : validateSecretNames(service.name, secrets)),
        ...oneOf(["launched", "loaded", "inactive"], service.state, "state"),
        ...(check === undefined ? [] : validateCheck(check, plan)),
        ...atLeast(1, rollout?.parallel, "rollout.parallel"),
        ...oneOf(["stop", "revert"], rollout?.onFailure, "rollout.onFailure"),
        ...seconds(rollout?.settle, "rollout.settle"),
        ...seconds(service.stopDelay, "stopDelay"),
        ...sources.problems,
    ]);
}

/** What is wrong with the finished units, each text once. */
function validateTexts(files: ReadonlyMap<string, UnitFile>, { main }: ServicePlan): Problem[] {
    const seen = new Set<string>();
    return Array.from(files.values()).flatMap(({ file: { part }, draft, unit, text }) => {
        const key = `${part.file}\n${text}`;
        if (seen.has(key)) {
            return [];
        }
        seen.add(key);
        const origin = part.path === CHECK ? () => CHECK : originsOf(draft, part.path);
        return validateFleetUnit(part.file, unit).map((problem) =>
            problem.path === "name"
                ? { ...problem, path: part === main ? "name" : part.path }
                : { ...problem, path: origin(problem.path) },
        );
    });
}

function placementProblems(
    files: ReadonlyMap<string, UnitFile>,
    plan: ServicePlan,
    machines: readonly MachineFacts[],
): Problem[] {
    const fileOf = new Map(plan.units.map(({ name, file }) => [name, file]));
    const units = plan.units.map(({ name, file }) => ({ name, unit: files.get(file)?.unit ?? {} }));
    const facts = machines.map(({ name, metadata }) => ({ name, metadata }));
    return checkPlacement(units, facts).map((problem) => {
        const [, name = "", path = ""] = /^(.*?)\.(X-Fleet\b.*)$/.exec(problem.path) ?? [];
        const file = files.get(fileOf.get(name) ?? "");
        return file === undefined
            ? problem
            : { ...problem, path: originsOf(file.draft, file.file.part.path)(path) };
    });
}

function validateDropInNames(names: readonly string[]): Problem[] {
    return names
        .filter((name) => !/^[A-Za-z0-9][A-Za-z0-9_.-]{0,200}\.conf$/.test(name))
        .map((name) => ({
            path: `dropIns.${name}`,
            given: given(name),
            allowed: "must be a file name that ends in .conf, such as 10-memory.conf",
        }));
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
