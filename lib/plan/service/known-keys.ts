import { nearest } from "../../cloud-config/nearest.js";
import { given, type Problem } from "../../problem.js";

const SERVICE = [
    "cluster",
    "unit",
    "units",
    "instances",
    "environment",
    "dropIns",
    "secrets",
    "state",
    "check",
    "rollout",
    "adopt",
    "stopDelay",
];
const CHECK = ["http", "tcp", "command", "timeout", "every", "failures"];

/** Keys that a service's arguments don't have: what plain JavaScript, or a spread object, gets past the compiler. */
export function unknownServiceKeys(args: object): Problem[] {
    const { check, rollout, instances } = asRecord(args);
    const { http, tcp } = asRecord(check);
    const overrides = Array.isArray(instances) ? [] : Object.entries(asRecord(instances));
    return [
        ...unknownKeys(args, SERVICE, ""),
        ...unknownKeys(check, CHECK, "check"),
        ...unknownKeys(http, ["port", "path"], "check.http"),
        ...unknownKeys(tcp, ["port"], "check.tcp"),
        ...unknownKeys(rollout, ["parallel", "onFailure", "settle"], "rollout"),
        ...overrides.flatMap(([id, own]) =>
            unknownKeys(own, ["unit", "environment", "units"], `instances.${id}`),
        ),
    ];
}

/** What to say about a name that is none of those that there are. */
export function aboutUnknown(name: string, known: readonly string[]): string {
    const meant = nearest(name, known);
    const there = known.length === 0 ? "there are none" : `known are ${known.join(", ")}`;
    return meant === undefined ? there : `did you mean ${meant}?`;
}

function unknownKeys(value: unknown, known: readonly string[], path: string): Problem[] {
    return Object.entries(asRecord(value))
        .filter(([key, item]) => item !== undefined && !known.includes(key))
        .map(([key]) => ({
            path: path === "" ? key : `${path}.${key}`,
            given: given(key),
            allowed: `unknown option; ${aboutUnknown(key, known)}`,
        }));
}

function asRecord(value: unknown): Record<string, unknown> {
    return typeof value === "object" && value !== null ? { ...value } : {};
}
