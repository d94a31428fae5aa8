import { given, type Problem } from "../problem.js";
import { parseUnitName, unitSuffixes, validateUnitName } from "../systemd/index.js";

const templateSuffixes = [".path", ".service", ".socket", ".target", ".timer"];

/**
 * The name of a service's template: `hello` gives `hello@.service`. A name with a unit's suffix keeps
 * it (`hello.timer` gives `hello@.timer`), and a template's name stays as it is.
 */
export function templateName(name: string): string {
    const suffix = unitSuffixes.find((known) => name.endsWith(known));
    const stem = suffix === undefined ? name : name.slice(0, -suffix.length);
    return `${stem.replace(/@$/, "")}@${suffix ?? ".service"}`;
}

/**
 * The name of one instance of a template: `hello@.service` and 1 give `hello@1.service`.
 *
 * @throws Error if the first is not a template's name, or the instance is empty.
 */
export function instanceName(template: string, instance: string | number): string {
    const { prefix, suffix, isTemplate } = parseUnitName(template);
    if (!isTemplate) {
        throw new Error(
            `${JSON.stringify(template)} is no template; its name has "@" before its type, such as "hello@.service".`,
        );
    }
    if (instance === "") {
        throw new Error(`An instance of ${template} needs a name or a number.`);
    }
    return `${prefix}@${instance}${suffix}`;
}

/** The text that a unit runs: that of the file of its own name, else that of its template. */
export function unitText(
    files: Readonly<Record<string, string>>,
    name: string,
): string | undefined {
    const { prefix, suffix } = parseUnitName(name);
    return files[name] ?? files[`${prefix}@${suffix}`];
}

/**
 * Problems of a unit's name, at path `name`: what systemd refuses, and templates and instances of types
 * that fleet has none of. Source: fleet 1.0.0, api/units.go; systemd.unit(5).
 */
export function validateFleetUnitName(name: string): Problem[] {
    const problems = validateUnitName(name);
    if (problems.length > 0 || !name.includes("@")) {
        return problems;
    }
    return templateSuffixes.includes(parseUnitName(name).suffix)
        ? []
        : [
              {
                  path: "name",
                  given: given(name),
                  allowed: `fleet has templates and instances of ${templateSuffixes.join(", ")} only`,
              },
          ];
}
