import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type FleetUnit, parseUnitName, validateFleetUnitName } from "../fleet/index.js";
import { readUnit, withDropIns } from "../plan/service/index.js";
import type { Problem } from "../problem.js";
import { given } from "../problem.js";
import { unitSuffixes } from "../systemd/index.js";

/** A unit file, with the drop-ins in the folder beside it. */
export interface ReadUnitFile {
    /** Name of the file: `web@.service`. */
    readonly file: string;
    readonly unit: FleetUnit;
    readonly problems: readonly Problem[];
}

/**
 * Reads a unit file and the drop-ins of `FILE.d/*.conf` beside it.
 *
 * @param path relative to the working directory, which is the Pulumi program's
 */
export function readUnitFile(path: string): ReadUnitFile {
    const file = basename(path);
    const problems = fileNameProblems(path, file);
    if (problems.length > 0) {
        return { file, unit: {}, problems };
    }
    const { unit, problems: own } = readText(path);
    const folder = `${path}.d`;
    const names = isFolder(folder)
        ? readdirSync(resolve(folder)).filter((name) => name.endsWith(".conf"))
        : [];
    const dropIns = names.map((name) => [name, readText(join(folder, name))] as const);
    const fragments = Object.fromEntries(dropIns.map(([name, read]) => [name, read.unit]));
    return {
        file,
        unit: withDropIns(unit, fragments),
        problems: [...own, ...dropIns.flatMap(([, read]) => read.problems)],
    };
}

/** Reads every unit file of a folder, in the order of their names. What is no unit file is passed over. */
export function readUnitFolder(folder: string): {
    readonly files: readonly ReadUnitFile[];
    readonly problems: readonly Problem[];
} {
    if (!isFolder(folder)) {
        const allowed = `is no folder below ${process.cwd()}`;
        return { files: [], problems: [{ path: "folder", given: given(folder), allowed }] };
    }
    const names = readdirSync(resolve(folder), { withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map(({ name }) => name)
        .filter((name) => unitSuffixes.some((suffix) => name.endsWith(suffix)))
        .sort();
    const files = names.map((name) => readUnitFile(join(folder, name)));
    const none = { path: "folder", given: given(folder), allowed: "holds no unit file" };
    return {
        files,
        problems: [
            ...(files.length === 0 ? [none] : []),
            ...files.flatMap(({ problems }) => problems),
        ],
    };
}

function fileNameProblems(path: string, file: string): Problem[] {
    const problem = (allowed: string) => [{ path: "path", given: given(path), allowed }];
    const [wrong] = validateFleetUnitName(file);
    if (wrong !== undefined) {
        return problem(wrong.allowed);
    }
    const { instance } = parseUnitName(file);
    if (instance !== undefined) {
        return problem("is the file of one instance; give the template's, and `instances`");
    }
    return existsSync(resolve(path)) && statSync(resolve(path)).isFile()
        ? []
        : problem(`there is no such file below ${process.cwd()}`);
}

function readText(path: string): { readonly unit: FleetUnit; readonly problems: Problem[] } {
    return readUnit(readFileSync(resolve(path), "utf8"), path);
}

function isFolder(path: string): boolean {
    return existsSync(resolve(path)) && statSync(resolve(path)).isDirectory();
}
