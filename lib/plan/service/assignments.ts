import { type FleetUnit, fromOptions, requirementKeys } from "../../fleet/index.js";
import { directivesOf, type Scalar } from "../../systemd/index.js";

/** One line of a unit in the making. */
export interface Assignment {
    readonly section: string;
    readonly name: string;
    readonly value: string;
    /** Where the user wrote it, or would have: `unit.Service.ExecStart`, `dropIns.10-x.conf.Service.User`. */
    readonly path: string;
}

/** A unit in the making: its lines, each with its origin. */
export type Draft = readonly Assignment[];

/** The lines of a unit that the user wrote at `path`. */
export function draftOf(unit: FleetUnit, path: string): Draft {
    return directivesOf(unit).map((one) => ({ ...one, path: `${path}.${one.path}` }));
}

/** The finished unit. */
export function unitOf(draft: Draft): FleetUnit {
    return fromOptions(draft);
}

/** Whether a line says something about the directive. */
export function says(draft: Draft, section: string, name: string): boolean {
    return draft.some((one) => one.section === section && one.name === name);
}

/** The values of a directive that count: those after the last empty assignment. */
export function valuesOf(draft: Draft, section: string, name: string): string[] {
    const values = draft
        .filter((one) => one.section === section && one.name === name)
        .map(({ value }) => value);
    return values.slice(values.lastIndexOf("") + 1);
}

/** The draft with further lines of one directive. */
export function withLines(
    draft: Draft,
    section: string,
    name: string,
    values: readonly Scalar[],
    path: string,
): Draft {
    const added = values.map((value) => ({ section, name, value: String(value), path }));
    return [...draft, ...added];
}

/**
 * The draft with the directives of `by` in place of those of the same name; an empty text or list
 * removes one.
 */
export function replaced(draft: Draft, by: FleetUnit, path: string): Draft {
    const lines = draftOf(by, path).filter(({ value }) => value !== "");
    const names = Object.entries(by).flatMap(([section, directives]) =>
        Object.entries(directives ?? {}).flatMap(([name, value]) =>
            value === undefined ? [] : [keyOf({ section, name })],
        ),
    );
    const left = new Set(names);
    const isNamed = new Set(names);
    const inPlace = draft.flatMap((one) => {
        const key = keyOf(one);
        if (!isNamed.has(key)) {
            return [one];
        }
        return left.delete(key) ? lines.filter((line) => keyOf(line) === key) : [];
    });
    return [...inPlace, ...lines.filter((line) => left.has(keyOf(line)))];
}

/**
 * The draft with a drop-in's lines behind its own, as systemd reads it: an empty assignment takes back
 * what stood before. Of the keys in `[X-Fleet]` of which fleet reads one value, the drop-in's counts.
 * Source: systemd.unit(5).
 */
export function appended(draft: Draft, fragment: Draft): Draft {
    let lines = [...draft];
    for (const line of fragment) {
        const { section, name, value } = line;
        const single = section === "X-Fleet" ? requirementKeys.get(name) : undefined;
        if (single === "MachineID" || single === "Global") {
            lines = lines.filter(
                (one) => one.section !== section || requirementKeys.get(one.name) !== single,
            );
        } else if (value === "") {
            const isReset = resetBy(section, name);
            lines = lines.filter((one) => one.section !== section || !isReset(one.name));
        }
        if (value !== "") {
            lines.push(line);
        }
    }
    return lines;
}

/** Directives of which an empty assignment takes back the others too: systemd.unit(5), .socket(5), .timer(5), .path(5). */
const families: readonly (readonly [section: string, names: RegExp])[] = [
    ["Unit", /^Condition/],
    ["Unit", /^Assert/],
    ["Socket", /^Listen/],
    ["Timer", /^On(Calendar|(Active|Boot|Startup|UnitActive|UnitInactive)Sec)$/],
    ["Path", /^(Path(Exists|ExistsGlob|Changed|Modified)|DirectoryNotEmpty)$/],
];

function resetBy(section: string, name: string): (other: string) => boolean {
    const family = families.find(([where, names]) => where === section && names.test(name));
    return family === undefined ? (other) => other === name : (other) => family[1].test(other);
}

/**
 * From a path in the finished unit, such as `Service.Environment[1]`, to where the user wrote it.
 *
 * @param whole path of what has no line of its own
 */
export function originsOf(draft: Draft, whole: string): (path: string) => string {
    const origins = new Map<string, string[]>();
    for (const one of draft) {
        const key = `${one.section}.${one.name}`;
        origins.set(key, [...(origins.get(key) ?? []), one.path]);
    }
    return (path) => {
        const [, key = path, index] = /^(.*?)(?:\[(\d+)\])?$/.exec(path) ?? [];
        const found = origins.get(key);
        const at = index === undefined ? found?.at(-1) : found?.[Number(index)];
        if (at === undefined) {
            return `${whole}.${path}`;
        }
        const isOneOfMany = index === undefined && (found?.length ?? 0) > 1;
        return isOneOfMany ? at.replace(/\[\d+\]$/, "") : at;
    };
}

function keyOf({ section, name }: { section: string; name: string }): string {
    return `${section}\n${name}`;
}
