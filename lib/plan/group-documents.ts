import {
    type CloudConfig,
    mergeCloudConfig,
    type Unit,
    type UserDataContext,
    validateCloudConfig,
    type WriteFile,
} from "../cloud-config/index.js";
import { type Problem, under } from "../problem.js";
import { renderUnit, type UnitDocument, validateUnit } from "../systemd/index.js";

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
export function validateAdditions(path: string, { units }: GroupDocuments): Problem[] {
    return (units ?? []).flatMap((unit, index) =>
        typeof unit.content === "object" ? validateTyped(path, index, unit.name, unit.content) : [],
    );
}

/** Problems of a group's whole document. */
export function validateGroupDocument(
    group: string,
    document: CloudConfig,
    context: UserDataContext,
): Problem[] {
    return under(`cloudConfig of ${group}`, validateCloudConfig(document, context));
}

function validateTyped(
    path: string,
    index: number,
    name: string,
    content: UnitDocument,
): Problem[] {
    const at = path === "" ? `units[${index}]` : `${path}.units[${index}]`;
    return validateUnit(name, content).map((problem) => ({
        ...problem,
        path: problem.path === "name" ? `${at}.name` : `${at}.content.${problem.path}`,
    }));
}

function renderMachineUnit({ content, ...unit }: MachineUnit): Unit {
    if (content === undefined) {
        return unit;
    }
    return { ...unit, content: typeof content === "string" ? content : renderUnit(content) };
}
