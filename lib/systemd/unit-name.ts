import { given, type Problem } from "../problem.js";

/** The types of units, as the suffixes of their names (systemd.unit(5)). */
export const unitSuffixes: readonly string[] = [
    ".service",
    ".socket",
    ".device",
    ".mount",
    ".automount",
    ".swap",
    ".target",
    ".path",
    ".timer",
    ".slice",
    ".scope",
];

/** The parts of a unit's name: `prefix@instance.suffix`. */
export interface UnitName {
    /** What stands before the first `@`, or before the suffix. */
    readonly prefix: string;
    /** What stands between the first `@` and the suffix; absent in templates and plain names. */
    readonly instance?: string;
    /** The type, with its dot: `.service`. */
    readonly suffix: string;
    /** Whether the name is that of a template: `hello@.service`. */
    readonly isTemplate: boolean;
}

/**
 * Takes a unit's name apart, without judging its characters: see {@link validateUnitName}.
 *
 * @throws Error for a name without a dot.
 */
export function parseUnitName(name: string): UnitName {
    const dot = name.lastIndexOf(".");
    if (dot < 0) {
        throw new Error(
            `${JSON.stringify(name)} is no unit name; it must end in its type, such as ".service".`,
        );
    }
    const suffix = name.slice(dot);
    const stem = name.slice(0, dot);
    const at = stem.indexOf("@");
    if (at < 0) {
        return { prefix: stem, suffix, isTemplate: false };
    }
    const prefix = stem.slice(0, at);
    const instance = stem.slice(at + 1);
    return instance === ""
        ? { prefix, suffix, isTemplate: true }
        : { prefix, instance, suffix, isTemplate: false };
}

/** Problems of a unit's name, at path `name`. Source: systemd.unit(5). */
export function validateUnitName(name: string): Problem[] {
    const problem = (allowed: string): Problem[] => [{ path: "name", given: given(name), allowed }];
    const suffix = unitSuffixes.find((known) => name.endsWith(known));
    if (suffix === undefined) {
        return problem(`a unit's name must end in one of ${unitSuffixes.join(", ")}`);
    }
    const stem = name.slice(0, -suffix.length);
    if (stem === "" || stem.startsWith("@")) {
        return problem(`a unit's name must have at least one character before "@" and its type`);
    }
    const wrong = /[^0-9A-Za-z:_.\\@-]/u.exec(stem)?.[0];
    if (wrong !== undefined) {
        return problem(
            `a unit's name takes ASCII letters, digits and :-_.\\@, not ${JSON.stringify(wrong)}; escapeName() escapes the rest`,
        );
    }
    const bytes = Buffer.byteLength(name);
    return bytes > 255 ? problem(`a unit's name has at most 255 characters, not ${bytes}`) : [];
}
