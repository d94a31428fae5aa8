import { directivesOf } from "./directives.js";
import type { UnitDocument } from "./document.js";

/**
 * Text of a unit file: `[Unit]` first and the other sections as given, directives as given, a list as
 * repeated lines, one blank line between sections, a newline at the end. Sections without a directive
 * are left out. The same document gives the same bytes. Nothing is escaped and nothing is checked: see
 * `validateUnit`, `quoteArgument` and `escapeSpecifiers`.
 */
export function renderUnit(unit: UnitDocument): string {
    const sections = new Map<string, string[]>();
    for (const { section, name, value } of directivesOf(unit)) {
        const lines = sections.get(section) ?? [];
        lines.push(`${name}=${value}\n`);
        sections.set(section, lines);
    }
    return Array.from(sections, ([name, lines]) => `[${name}]\n${lines.join("")}`).join("\n");
}
