import { given, type Problem } from "../../problem.js";
import type { InstanceShape, Instances } from "./declared.js";

/** Most instances of a service; ten times what fleet 1.0.0 was made for. */
const MOST_INSTANCES = 10_000;

/** The instances' names; absent for a service that has none. What is no count has no names. */
export function instanceNames(instances: Instances | undefined): string[] | undefined {
    if (instances === undefined) {
        return undefined;
    }
    if (typeof instances === "number") {
        const count = isCount(instances) ? instances : 0;
        return Array.from({ length: count }, (_, index) => String(index + 1));
    }
    return isList(instances) ? instances.map(String) : Object.keys(instances);
}

/** What sets instances apart, by their names. */
export function instanceOverrides(instances: Instances | undefined): Map<string, InstanceShape> {
    const isRecord = typeof instances === "object" && !isList(instances);
    return new Map(Object.entries(isRecord ? instances : {}).map(([id, own]) => [id, own ?? {}]));
}

/** Path of an instance as the user wrote it: `instances[2]`, `instances.8888`. */
export function instancePath(instances: Instances | undefined, index: number): string {
    const isRecord = typeof instances === "object" && !isList(instances);
    return isRecord ? `instances.${Object.keys(instances)[index]}` : `instances[${index}]`;
}

/** What is wrong with the number of instances, or with their names. */
export function validateInstances(instances: Instances | undefined): Problem[] {
    if (instances === undefined) {
        return [];
    }
    if (typeof instances === "number") {
        const allowed = `must be a whole number from 0 to ${MOST_INSTANCES}`;
        return isCount(instances) ? [] : [{ path: "instances", given: given(instances), allowed }];
    }
    if (typeof instances !== "object" || instances === null) {
        const allowed = "must be a number, a list of names, or names with what sets each apart";
        return [{ path: "instances", given: given(instances), allowed }];
    }
    const ids = isList(instances) ? instances : Object.keys(instances);
    const seen = new Set<string>();
    return ids.flatMap((id, index): Problem[] => {
        const text = String(id);
        const problem = (allowed: string) => [
            { path: instancePath(instances, index), given: given(id), allowed },
        ];
        if (text === "" || (typeof id === "number" && (!Number.isInteger(id) || id < 0))) {
            return problem("must be a name, or a number of 0 or more");
        }
        if (seen.has(text)) {
            return problem("is there twice");
        }
        seen.add(text);
        return [];
    });
}

function isCount(instances: number): boolean {
    return Number.isInteger(instances) && instances >= 0 && instances <= MOST_INSTANCES;
}

function isList(instances: Instances): instances is readonly (string | number)[] {
    return Array.isArray(instances);
}
