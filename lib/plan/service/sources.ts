import type { FleetUnit } from "../../fleet/index.js";
import { type Problem, under } from "../../problem.js";
import { parseUnit, validateForm } from "../../systemd/index.js";
import { type Draft, draftOf } from "./assignments.js";
import type { InstanceShape, ServiceTexts } from "./declared.js";
import { instanceOverrides } from "./instances.js";

/** What a user wrote, read: every text parsed. */
export interface Sources {
    readonly unit: Draft;
    /** Further units by the names under which they were declared. */
    readonly units: ReadonlyMap<string, Draft>;
    /** Drop-ins of the main unit, in the order in which systemd reads them. */
    readonly dropIns: readonly Draft[];
    /** By the instance's name. */
    readonly instances: ReadonlyMap<string, InstanceShape>;
    /** What is no unit at all. */
    readonly problems: readonly Problem[];
}

/** Reads every unit of a service. What can't be read is a problem, and counts as empty. */
export function readSources({ unit, units, dropIns, instances }: ServiceTexts): Sources {
    const problems: Problem[] = [];
    const read = (document: FleetUnit | string, path: string): Draft => {
        const { unit: parsed, problems: own } = readUnit(document, path);
        problems.push(...own);
        return own.length === 0 ? draftOf(parsed, path) : [];
    };
    const overrides = instanceOverrides(instances);
    for (const [id, { unit: own, units: further = {} }] of overrides) {
        const path = `instances.${id}`;
        for (const [at, document] of [
            [`${path}.unit`, own] as const,
            ...Object.entries(further).map(([key, one]) => [`${path}.units.${key}`, one] as const),
        ]) {
            problems.push(...(document === undefined ? [] : readUnit(document, at).problems));
        }
    }
    return {
        unit: read(unit, "unit"),
        units: new Map(
            Object.entries(units ?? {}).map(([key, one]) => [key, read(one, `units.${key}`)]),
        ),
        dropIns: Object.keys(dropIns ?? {})
            .sort()
            .map((name) => read(dropIns?.[name] ?? {}, `dropIns.${name}`)),
        instances: overrides,
        problems,
    };
}

/** A unit from its text, or as it is; with what keeps it from being one. */
export function readUnit(
    document: FleetUnit | string,
    path: string,
): { readonly unit: FleetUnit; readonly problems: Problem[] } {
    if (typeof document === "string") {
        try {
            return { unit: parseUnit(document), problems: [] };
        } catch (cause) {
            const sentence = cause instanceof Error ? cause.message : String(cause);
            const allowed = sentence.replace(/^Line/, "line").replace(/\.$/, "");
            return { unit: {}, problems: [{ path, allowed }] };
        }
    }
    if (typeof document !== "object" || document === null || Array.isArray(document)) {
        const allowed = "must be sections with their directives, or the text of a unit file";
        return { unit: {}, problems: [{ path, allowed }] };
    }
    const problems = under(path, validateForm(document));
    return { unit: document, problems };
}
