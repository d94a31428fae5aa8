import { given, type Problem } from "../problem.js";
import { type CloudConfig, cloudConfigFields } from "./document.js";
import { type Field, type Fields, type StringField, section } from "./schema.js";
import { aboutUnknownKey, underscored } from "./unknown-key.js";

/** What of a value fits the schema, and what is wrong with the rest. */
export interface Conformed {
    /** The document without what does not fit; keys spelled with underscores. */
    readonly document: CloudConfig;
    readonly problems: Problem[];
}

/**
 * Compares a value with the schema: unknown and misplaced keys, wrong types, values that the agent
 * does not take, keys that must be there, deprecated keys (warnings).
 */
export function conform(value: unknown): Conformed {
    const problems: Problem[] = [];
    const document = fit(value, section(cloudConfigFields), "", problems);
    return { document: isDocument(document) ? document : {}, problems };
}

function isDocument(value: unknown): value is CloudConfig {
    return typeof value === "object" && value !== null;
}

const misfit = Symbol("misfit");

function fit(value: unknown, field: Field, path: string, problems: Problem[]): unknown {
    const reject = (allowed: string) => {
        problems.push({ path: path === "" ? "document" : path, given: given(value), allowed });
        return misfit;
    };
    switch (field.kind) {
        case "string":
            if (typeof value !== "string") {
                return reject("must be a text");
            }
            problems.push(...stringProblems(value, field, path));
            return value;
        case "bytes":
            return typeof value === "string" || value instanceof Uint8Array
                ? value
                : reject("must be a text or bytes");
        case "boolean":
            return typeof value === "boolean" ? value : reject("must be true or false");
        case "integer":
            return Number.isSafeInteger(value) ? value : reject("must be a whole number");
        case "number":
            return Number.isFinite(value) ? value : reject("must be a number");
        case "list":
            return Array.isArray(value)
                ? value
                      .map((item, index) => fit(item, field.of, `${path}[${index}]`, problems))
                      .filter((item) => item !== misfit)
                : reject("must be a list");
        case "section":
            return isPlainObject(value)
                ? fitSection(value, field.fields, path, problems)
                : reject(`must be a mapping with keys of ${Object.keys(field.fields).join(", ")}`);
    }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
    return (
        typeof value === "object" &&
        value !== null &&
        !Array.isArray(value) &&
        !(value instanceof Uint8Array) &&
        !(value instanceof Date)
    );
}

function fitSection(
    value: Record<string, unknown>,
    fields: Fields,
    path: string,
    problems: Problem[],
): unknown {
    const fitting: [string, unknown][] = [];
    for (const [key, item] of Object.entries(value)) {
        if (item === undefined) {
            continue;
        }
        const spelled = underscored(key);
        const at = path === "" ? key : `${path}.${key}`;
        const field = Object.hasOwn(fields, spelled) ? fields[spelled] : undefined;
        if (field === undefined) {
            problems.push({ path: at, allowed: aboutUnknownKey(key, fields) });
            continue;
        }
        if (key !== spelled) {
            problems.push({
                path: at,
                allowed: `write ${spelled}, with underscores: Flatcar ignores the key with hyphens and says nothing`,
            });
        }
        if (field.deprecated !== undefined) {
            problems.push({
                path: at,
                allowed: `deprecated key (${field.deprecated})`,
                severity: "warning",
            });
        }
        const fitted = fit(item, field, at, problems);
        if (fitted !== misfit) {
            fitting.push([spelled, fitted]);
        }
    }
    const fitted = Object.fromEntries(fitting);
    const missing = Object.keys(fields).filter((key) => fields[key]?.required && !fitted[key]);
    for (const key of missing.filter((key) => !isWritten(value, key))) {
        problems.push({
            path: `${path}.${key}`,
            allowed: "must be given: without it the agent skips the item",
        });
    }
    return missing.length > 0 ? misfit : fitted;
}

function isWritten(value: Record<string, unknown>, required: string): boolean {
    return Object.entries(value).some(
        ([key, item]) => underscored(key) === required && item !== undefined && item !== "",
    );
}

function stringProblems(value: string, field: StringField, path: string): Problem[] {
    const problem = (allowed: string): Problem[] => [{ path, given: given(value), allowed }];
    if (/\p{Surrogate}/u.test(value)) {
        return problem("holds half a character (a lone surrogate), which no file can hold");
    }
    if (field.required && value === "") {
        return [];
    }
    if (!field.multiline && /[\r\n\0]/.test(value)) {
        return problem("must be one line");
    }
    if (field.oneOf && !field.oneOf.includes(value)) {
        const formerly = field.formerly?.[value];
        return problem(formerly ?? `must be ${oneOf(field.oneOf)}`);
    }
    if (field.pattern && !field.pattern.test(value)) {
        return problem(`must be ${field.allowed ?? field.pattern.source}`);
    }
    return [];
}

function oneOf(values: readonly string[]): string {
    const quoted = values.map((value) => JSON.stringify(value));
    const last = quoted.pop() ?? "nothing";
    return quoted.length === 0 ? last : `${quoted.join(", ")} or ${last}`;
}
