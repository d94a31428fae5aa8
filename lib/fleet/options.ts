import { createHash } from "node:crypto";
import { directivesOf, type Section } from "../systemd/index.js";
import type { FleetUnit } from "./document.js";

/** One assignment of a unit, as fleet's HTTP API writes it. */
export interface UnitOption {
    /** Name of the section, without brackets. */
    readonly section: string;
    /** Name of the directive. */
    readonly name: string;
    /** What it is set to. */
    readonly value: string;
}

/** The options of a unit, in the order in which `renderUnit` writes them. */
export function toOptions(unit: FleetUnit): UnitOption[] {
    return directivesOf(unit).map(({ section, name, value }) => ({ section, name, value }));
}

/** The unit that options stand for. Every value is a string; a directive that is repeated is a list. */
export function fromOptions(options: readonly UnitOption[]): FleetUnit {
    return Object.fromEntries(
        Array.from(
            grouped(options, (option) => option.section),
            ([name, own]) => [name, section(own)],
        ),
    );
}

/**
 * SHA-1, in hexadecimal, by which fleet 1.0.0 tells whether two units are the same. Sections count in
 * the order of their first appearance, options in the order given; comments and blank lines do not.
 */
export function hashOptions(options: readonly UnitOption[]): string {
    const sections = Array.from(
        grouped(options, (option) => option.section),
        ([name, own]) =>
            `[${name}]\n${own.map((option) => `${option.name}=${option.value}\n`).join("")}`,
    );
    return createHash("sha1").update(sections.join("\n")).digest("hex");
}

function section(options: readonly UnitOption[]): Section {
    return Object.fromEntries(
        Array.from(
            grouped(options, (option) => option.name),
            ([name, own]) => {
                const [only, ...others] = own.map((option) => option.value);
                return [name, others.length === 0 ? only : own.map((option) => option.value)];
            },
        ),
    );
}

function grouped(
    options: readonly UnitOption[],
    by: (option: UnitOption) => string,
): Map<string, UnitOption[]> {
    const groups = new Map<string, UnitOption[]>();
    for (const option of options) {
        groups.set(by(option), [...(groups.get(by(option)) ?? []), option]);
    }
    return groups;
}
