import {
    type CloudConfig,
    mergeCloudConfig,
    type Unit,
    type UserDataContext,
    validateCloudConfig,
    type WriteFile,
} from "../cloud-config/index.js";
import type { Problem } from "../problem.js";
import { parseUnit, renderUnit, type UnitDocument, validateUnit } from "../systemd/index.js";

/** A unit for machines, typed or as text. Its other keys are those of cloud-config's `coreos.units`. */
export interface MachineUnit extends Omit<Unit, "content"> {
    /** The unit file: sections and directives, or its text. */
    readonly content?: UnitDocument | string;
}

/** What a user adds to the cloud-config of a group, or of every group. */
export interface GroupDocuments {
    /** Units that systemd runs on each machine, without fleet. */
    readonly units?: readonly MachineUnit[];
    /** Files that are written at every boot, before units start. */
    readonly files?: readonly WriteFile[];
    /** A cloud-config that is merged in last: its values win, its lists are appended. */
    readonly cloudConfig?: CloudConfig;
}

/** The library's document with what the user adds, first for all groups, then for this one. */
export function mergeDocuments(
    base: CloudConfig,
    additions: readonly GroupDocuments[],
): CloudConfig {
    return additions.reduce((document, { units, files, cloudConfig }) => {
        const added: CloudConfig = {
            ...(files === undefined ? {} : { write_files: files }),
            ...(units === undefined ? {} : { coreos: { units: units.map(renderMachineUnit) } }),
        };
        return mergeCloudConfig(mergeCloudConfig(document, added), cloudConfig ?? {});
    }, base);
}

/** Problems of what a user adds, each under the path at which it was written. */
export function validateAdditions(
    path: string,
    { units = [], files, cloudConfig }: GroupDocuments,
    { limit: _, ...context }: UserDataContext,
): Problem[] {
    const prefix = path === "" ? "" : `${path}.`;
    const problemsOf = (document: CloudConfig, from: string, to: string): Problem[] =>
        validateCloudConfig(document, context).map((problem) => ({
            ...problem,
            path: problem.path.replace(from, `${prefix}${to}`),
        }));
    const contents = units.map((unit, index) => contentProblems(`${prefix}units[${index}]`, unit));
    const sound = units.map((unit, index) => {
        const { content: _content, ...rest } = unit;
        return contents[index]?.length === 0 ? renderMachineUnit(unit) : rest;
    });
    return [
        ...contents.flat(),
        ...problemsOf({ coreos: { units: sound } }, "coreos.units", "units").filter(
            ({ path: at }) => !contents.flat().some((problem) => problem.path === at),
        ),
        ...(files === undefined ? [] : problemsOf({ write_files: files }, "write_files", "files")),
        ...(cloudConfig === undefined ? [] : problemsOf(cloudConfig, "", "cloudConfig.")),
    ];
}

/** Problems of a group's whole document. */
export function validateGroupDocument(
    group: string,
    document: CloudConfig,
    context: UserDataContext,
): Problem[] {
    return validateCloudConfig(document, context).map((problem) => ({
        ...problem,
        path:
            problem.path === "user-data"
                ? `user-data of ${group}`
                : `user-data of ${group}, ${problem.path}`,
    }));
}

/** Problems of a unit's file; of a text, whether systemd can read it at all. */
function contentProblems(at: string, { name, content }: MachineUnit): Problem[] {
    if (typeof content === "object") {
        return validateUnit(name, content).map((problem) => ({
            ...problem,
            path: problem.path === "name" ? `${at}.name` : `${at}.content.${problem.path}`,
        }));
    }
    try {
        parseUnit(typeof content === "string" ? content : "");
        return [];
    } catch (cause) {
        const sentence = cause instanceof Error ? cause.message : String(cause);
        const allowed = sentence.replace(/^Line/, "line").replace(/\.$/, "");
        return [{ path: `${at}.content`, allowed }];
    }
}

function renderMachineUnit({ content, ...unit }: MachineUnit): Unit {
    if (content === undefined) {
        return unit;
    }
    return { ...unit, content: typeof content === "string" ? content : renderUnit(content) };
}
