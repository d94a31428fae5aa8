import {
    expandSpecifiers,
    instanceName,
    parseUnitName,
    templateName,
    validateFleetUnitName,
} from "../../fleet/index.js";
import { appended, type Draft, draftOf, valuesOf } from "./assignments.js";
import { CHECK, checkFile, checkUnit } from "./check-unit.js";
import type { DeclaredService } from "./declared.js";
import type { Sources } from "./sources.js";

/** One of the units of which each instance is made. */
export interface Part {
    /** Where the user wrote it: `unit`, `units.hello-announce`; `check` for the unit that checks. */
    readonly path: string;
    /** The name under which a further unit was declared. */
    readonly key?: string;
    /** Name of its file: of the template, or of the unit where there are no instances. */
    readonly file: string;
    /** What the user wrote, drop-ins included. */
    readonly source: Draft;
}

/** The main unit, the further ones in the order of their declaration, and the one that checks. */
export function partsOf(
    { name, instances, check }: DeclaredService,
    { unit, units, dropIns }: Sources,
): readonly [Part, ...Part[]] {
    const isTemplate = instances !== undefined;
    const fileOf = (own: string) => (isTemplate ? templateName(own) : unitName(own));
    const main: Part = {
        path: "unit",
        file: fileOf(name),
        source: dropIns.reduce(appended, unit),
    };
    const further = Array.from(
        units,
        ([key, source]): Part => ({ path: `units.${key}`, key, file: fileOf(key), source }),
    );
    const checks: Part[] =
        check?.every === undefined
            ? []
            : [
                  {
                      path: CHECK,
                      file: checkFile(main.file),
                      source: draftOf(checkUnit(main.file, check), CHECK),
                  },
              ];
    return [main, ...further, ...checks];
}

/** The full name of a file's unit in one instance: `hello@1.service`; of no instance, the file's own. */
export function fullName(file: string, instance: string | undefined): string {
    return instance === undefined || instance === "" ? file : instanceName(file, instance);
}

/** The name by which units of the same instance call each other: `hello@%i.service`. */
export function peerName(file: string): string {
    return parseUnitName(file).isTemplate ? instanceName(file, "%i") : file;
}

/** Names of other units in a draft's directives, as {@link peerName} writes those of the same instance. */
export function peersIn(
    { file, source }: Part,
    section: string,
    directives: readonly string[],
): string[] {
    return directives
        .flatMap((directive) => valuesOf(source, section, directive))
        .flatMap((line) => line.split(/\s+/))
        .map((name) => expandSpecifiers(name, peerName(file)));
}

/** `hello` gives `hello.service`; a name with a unit's suffix keeps it. */
function unitName(name: string): string {
    return validateFleetUnitName(name).length === 0 && parseUnitName(name).suffix !== ""
        ? name
        : `${name}.service`;
}
