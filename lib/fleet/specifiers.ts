import { parseUnitName } from "../systemd/index.js";

/**
 * A value of `[X-Fleet]` as fleet reads it for the unit of that name: `%n` is the full name, `%N` the
 * name without its suffix, `%p` the prefix, `%i` the instance (empty in a template). Nothing else is
 * replaced, `%%` neither, and nothing for a name without a type. Source: fleet 1.0.0, job/job.go.
 */
export function expandSpecifiers(text: string, unitName: string): string {
    if (!unitName.includes(".")) {
        return text;
    }
    const { prefix, instance = "", suffix } = parseUnitName(unitName);
    return text
        .replaceAll("%n", () => unitName)
        .replaceAll("%N", () => unitName.slice(0, -suffix.length))
        .replaceAll("%p", () => prefix)
        .replaceAll("%i", () => instance);
}
