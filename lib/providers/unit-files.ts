import { isDeepStrictEqual } from "node:util";
import { applyVariables, type Unit, type Variable } from "../cloud-config/index.js";

/** What stands at a path: a text, a link to /dev/null, or nothing. */
export type FileContent = { readonly text: string } | "masked" | "absent";

/** Contents by path. */
export type UnitFiles = Readonly<Record<string, FileContent>>;

/** Addresses of a machine that its text may mention. */
export type Addresses = Readonly<Partial<Record<Variable, string>>>;

/** One unit on one machine: what it was, what it is to be, and the files that make it so. */
export interface UnitPlan {
    readonly name: string;
    readonly before?: Unit;
    /** Absent where the unit is to go. */
    readonly unit?: Unit;
    readonly files: UnitFiles;
}

/** Units that systemd-networkd and udev read: the agent puts them elsewhere, and a boot applies them. */
const NETWORK = /\.(network|netdev|link)$/;

/** The units that systemd itself runs. */
export function systemUnits(units: readonly Unit[]): Unit[] {
    return units.filter(({ name }) => !NETWORK.test(name));
}

/**
 * What each unit takes on a machine, as the agent places it (coreos-cloudinit 1.14.0: system/unit.go); what only
 * the old units had is to be absent.
 */
export function planUnitFiles(
    before: readonly Unit[],
    units: readonly Unit[],
    addresses: Addresses,
): UnitPlan[] {
    const old = new Map(systemUnits(before).map((unit) => [unit.name, unit]));
    const wanted = new Map(systemUnits(units).map((unit) => [unit.name, unit]));
    return [...new Set([...wanted.keys(), ...old.keys()])].map((name) => {
        const [was, unit] = [old.get(name), wanted.get(name)];
        const absent = was === undefined ? [] : Object.keys(filesOf(was, addresses));
        return {
            name,
            ...(was === undefined ? {} : { before: was }),
            ...(unit === undefined ? {} : { unit }),
            files: {
                ...Object.fromEntries(
                    absent.map((path): [string, FileContent] => [path, "absent"]),
                ),
                ...(unit === undefined ? {} : filesOf(unit, addresses)),
            },
        };
    });
}

/** Whether a machine has something else in a unit's files, or was told something else to do with it. */
export function isChanged(plan: UnitPlan, standing: UnitFiles, isKnown: boolean): boolean {
    const { before, unit, files } = plan;
    const orders = (one: Unit | undefined) => [one?.command, one?.enable, one?.mask];
    const isOther = Object.entries(files).some(
        ([path, content]) => !isDeepStrictEqual(content, standing[path] ?? "absent"),
    );
    const isOnlyOrdered = before === undefined && Object.keys(files).length === 0;
    const isOtherOrder = before !== undefined && !isDeepStrictEqual(orders(before), orders(unit));
    return isOther || (isKnown && (isOnlyOrdered || isOtherOrder));
}

function filesOf(unit: Unit, addresses: Addresses): UnitFiles {
    const folder = `/${unit.runtime ? "run" : "etc"}/systemd/system`;
    const path = `${folder}/${unit.name}`;
    const text = (content: string): FileContent => ({ text: applyVariables(content, addresses) });
    return {
        ...(unit.mask === true
            ? { [path]: "masked" as const }
            : unit.content === undefined || unit.content === ""
              ? {}
              : { [path]: text(unit.content) }),
        ...Object.fromEntries(
            (unit.drop_ins ?? []).map(({ name, content }) => [`${path}.d/${name}`, text(content)]),
        ),
    };
}

/** Script that prints what stands at the paths, one line each; {@link parseFiles} reads it. */
export function readScript(paths: readonly string[]): string {
    return [
        "look() {",
        '    if [ "$(readlink "$1")" = /dev/null ]; then echo masked',
        '    elif [ -f "$1" ]; then echo "text $(base64 --wrap=0 < "$1")"',
        "    else echo absent; fi",
        "}",
        ...paths.map((path) => `look ${quoted(path)}`),
        "",
    ].join("\n");
}

/** What {@link readScript} printed. */
export function parseFiles(paths: readonly string[], printed: string): UnitFiles {
    const lines = printed.split("\n");
    return Object.fromEntries(
        paths.map((path, index): [string, FileContent] => {
            const [kind, content = ""] = (lines[index] ?? "").split(" ");
            const text = Buffer.from(content, "base64").toString();
            return [path, kind === "text" ? { text } : kind === "masked" ? "masked" : "absent"];
        }),
    );
}

/** Script that puts the files there, each at once or not at all. */
export function writeScript(files: UnitFiles): string {
    return [
        "set -e",
        ...Object.entries(files).flatMap(([path, content]) => {
            const at = quoted(path);
            if (content === "absent") {
                return [`rm -f ${at}`];
            }
            const folder = `mkdir -p ${quoted(path.replace(/\/[^/]*$/, ""))}`;
            if (content === "masked") {
                return [folder, `ln -sfn /dev/null ${at}`];
            }
            const base64 = Buffer.from(content.text).toString("base64");
            // systemd reads no file of such a name.
            const next = quoted(`${path}.next`);
            return [
                folder,
                `printf %s '${base64}' | base64 --decode > ${next}`,
                `chmod 0644 ${next}`,
                `mv -fT ${next} ${at}`,
            ];
        }),
        "",
    ].join("\n");
}

function quoted(path: string): string {
    return `'${path.replaceAll("'", "'\\''")}'`;
}
