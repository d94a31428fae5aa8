import type { UnitDocument } from "./document.js";
import type { DirectiveValue, Scalar, Section } from "./section.js";

/** One assignment of a unit file. */
export interface Directive {
    /** Name of its section, without brackets. */
    readonly section: string;
    /** Its own name: `ExecStart`. */
    readonly name: string;
    /** The text to the right of the `=`, without the blanks around it. */
    readonly value: string;
    /** Where it stands in the document: `Service.ExecStart`, `Service.Environment[1]`. */
    readonly path: string;
}

/** Every assignment of a unit in the order in which it is rendered: `[Unit]` first, the others as given. */
export function directivesOf(unit: UnitDocument): Directive[] {
    const all: Directive[] = [];
    for (const [section, directives] of sectionsOf(unit)) {
        for (const [name, value] of Object.entries(directives)) {
            if (value !== undefined) {
                all.push(...assignments(section, name, value));
            }
        }
    }
    return all;
}

/** The values of one directive that count: those after the last empty assignment. */
export function effectiveValues(value: DirectiveValue | undefined): string[] {
    const values = value === undefined ? [] : elements(value).map(scalarText);
    return values.slice(values.lastIndexOf("") + 1);
}

/** Whether a directive is set to one of systemd's words for yes; its last value counts. */
export function isSwitchedOn(value: DirectiveValue | undefined): boolean {
    return /^(1|yes|y|true|t|on)$/i.test(effectiveValues(value).at(-1) ?? "");
}

/** A directive's values as a list. */
export function elements(value: DirectiveValue): readonly Scalar[] {
    return isList(value) ? value : [value];
}

function sectionsOf(unit: UnitDocument): [string, Section][] {
    const sections = Object.entries(unit).flatMap(([name, section]): [string, Section][] =>
        typeof section === "object" && section !== null ? [[name, section]] : [],
    );
    return [
        ...sections.filter(([name]) => name === "Unit"),
        ...sections.filter(([name]) => name !== "Unit"),
    ];
}

function assignments(section: string, name: string, value: DirectiveValue): Directive[] {
    const path = `${section}.${name}`;
    return isList(value)
        ? value.map((element, index) => ({
              section,
              name,
              value: scalarText(element),
              path: `${path}[${index}]`,
          }))
        : [{ section, name, value: scalarText(value), path }];
}

function isList(value: DirectiveValue): value is readonly Scalar[] {
    return Array.isArray(value);
}

function scalarText(value: Scalar): string {
    return String(value).trim();
}
