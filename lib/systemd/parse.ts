import type { UnitDocument } from "./document.js";
import type { DirectiveValue } from "./section.js";

/**
 * The document in the text of a unit file, read as systemd does (systemd.syntax(7)): `#` and `;` begin
 * a comment line, a line that ends in a backslash goes on in the next one with a space for the
 * backslash, sections of the same name are merged, a directive that is repeated becomes a list, and
 * what stands before the first section is ignored. Every value is a string. Line ends may be CRLF.
 *
 * @throws Error naming the line, for a line that is neither a section header nor an assignment.
 */
export function parseUnit(text: string): UnitDocument {
    const sections = new Map<string, Map<string, string[]>>();
    let current: Map<string, string[]> | undefined;
    for (const { number, text: line } of logicalLines(text)) {
        if (line.startsWith("[")) {
            const name = sectionName(line, number);
            current = sections.get(name) ?? new Map();
            sections.set(name, current);
        } else if (current !== undefined) {
            const [name, value] = assignment(line, number);
            current.set(name, [...(current.get(name) ?? []), value]);
        }
    }
    return Object.fromEntries(
        Array.from(sections)
            .filter(([, directives]) => directives.size > 0)
            .map(([name, directives]) => [name, section(directives)]),
    );
}

interface LogicalLine {
    /** Number of its first physical line, from 1. */
    readonly number: number;
    readonly text: string;
}

function* logicalLines(text: string): Generator<LogicalLine> {
    let pending: LogicalLine | undefined;
    for (const [index, line] of text
        .replace(/^\uFEFF/, "")
        .split(/\r\n|\n|\r/)
        .entries()) {
        if (/^[ \t]*[#;]/.test(line)) {
            continue;
        }
        const joined: LogicalLine = {
            number: pending?.number ?? index + 1,
            text: (pending?.text ?? "") + line,
        };
        if (continues(joined.text)) {
            pending = { ...joined, text: `${joined.text.slice(0, -1)} ` };
            continue;
        }
        pending = undefined;
        yield* unlessBlank(joined);
    }
    if (pending !== undefined) {
        yield* unlessBlank(pending);
    }
}

function* unlessBlank(line: LogicalLine): Generator<LogicalLine> {
    const text = line.text.trim();
    if (text !== "") {
        yield { ...line, text };
    }
}

/** An even number of backslashes at the end are escaped ones. */
function continues(line: string): boolean {
    return /(?<!\\)(\\\\)*\\$/.test(line);
}

function sectionName(line: string, number: number): string {
    const name = /^\[([^[\]]+)\]$/.exec(line)?.[1];
    if (name === undefined) {
        throw new Error(
            `Line ${number} of the unit is not a section header: got ${JSON.stringify(line)}; a header is a name in brackets, such as [Service].`,
        );
    }
    return name;
}

function assignment(line: string, number: number): [name: string, value: string] {
    const equals = line.indexOf("=");
    const name = line.slice(0, Math.max(equals, 0)).trim();
    if (name === "") {
        throw new Error(
            `Line ${number} of the unit is not an assignment: got ${JSON.stringify(line)}; a directive is written Name=value.`,
        );
    }
    return [name, line.slice(equals + 1).trim()];
}

function section(directives: Map<string, string[]>): Record<string, DirectiveValue> {
    return Object.fromEntries(
        Array.from(directives, ([name, values]): [string, DirectiveValue] => {
            const [first, ...others] = values;
            return [name, first !== undefined && others.length === 0 ? first : values];
        }),
    );
}
