import { given, type Problem } from "../problem.js";
import { executableOf, isExecutable, splitCommandLine } from "./command-line.js";
import { type Directive, directivesOf, elements } from "./directives.js";
import type { UnitDocument } from "./document.js";
import { allowedWords } from "./enumerations.js";
import { validateService } from "./service-rules.js";
import { validateUnitName } from "./unit-name.js";

/** The longest line, with its newline, that fleet and the systemd of its time take, in bytes. */
export const lineLimit = 2048;

/** How strict {@link validateUnit} is. */
export interface UnitRules {
    /**
     * What a line above 2048 bytes is. Today's systemd reads it, so it is a warning by default; fleet
     * refuses the unit, so `validateFleetUnit` makes it an error.
     */
    readonly longLine?: "error" | "warning";
}

const knownSections =
    /^(Unit|Install|Service|Socket|Timer|Path|Mount|Automount|Swap|Slice|Scope|X-.*)$/;

/**
 * Everything that is wrong with a whole unit file: its name (at path `name`), its directives, and for a
 * service that systemd would refuse to load it. Paths are `Service.ExecStart`, `Service.Environment[1]`.
 */
export function validateUnit(name: string, unit: UnitDocument, rules: UnitRules = {}): Problem[] {
    return [
        ...validateUnitName(name),
        ...validateDirectives(unit, rules),
        ...(name.endsWith(".service") ? validateService(unit) : []),
    ];
}

/** Problems of single directives, all that can be said of a drop-in: a part of a unit. */
export function validateDirectives(unit: UnitDocument, rules: UnitRules = {}): Problem[] {
    const malformed = validateForm(unit);
    return malformed.length > 0
        ? malformed
        : [
              ...validateSectionNames(unit),
              ...directivesOf(unit).flatMap((directive) => validateDirective(directive, rules)),
          ];
}

/** What is no document: only plain JavaScript, or a value known late, gets that past the compiler. */
export function validateForm(unit: UnitDocument): Problem[] {
    return Object.entries(unit).flatMap(([name, section]): Problem[] => {
        if (section === undefined) {
            return [];
        }
        if (typeof section !== "object" || section === null || Array.isArray(section)) {
            return [{ path: name, given: given(section), allowed: "a section holds directives" }];
        }
        return Object.entries(section).flatMap(([directive, value]) =>
            value === undefined
                ? []
                : elements(value).flatMap((element): Problem[] =>
                      isScalar(element)
                          ? []
                          : [
                                {
                                    path: `${name}.${directive}`,
                                    given: given(element),
                                    allowed:
                                        "a text, a finite number, true, false, or a list of them",
                                },
                            ],
                  ),
        );
    });
}

function isScalar(value: unknown): boolean {
    return typeof value === "number"
        ? Number.isFinite(value)
        : typeof value === "string" || typeof value === "boolean";
}

function validateSectionNames(unit: UnitDocument): Problem[] {
    const names = Object.keys(unit).filter((name) => unit[name] !== undefined);
    return names.flatMap((name): Problem[] => {
        if (!/^[A-Za-z0-9][A-Za-z0-9_. -]*(?<! )$/.test(name)) {
            return [
                {
                    path: name,
                    given: given(name),
                    allowed: "a section's name takes ASCII letters, digits and _.-",
                },
            ];
        }
        return knownSections.test(name)
            ? []
            : [
                  {
                      path: name,
                      allowed: `systemd knows no section [${name}] and ignores it; one of your own begins with X-`,
                      severity: "warning",
                  },
              ];
    });
}

function validateDirective(directive: Directive, rules: UnitRules): Problem[] {
    const { section, name, value, path } = directive;
    const problem = (allowed: string): Problem[] => [{ path, given: given(value), allowed }];
    if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name)) {
        return [
            {
                path,
                given: given(name),
                allowed: "a directive's name takes ASCII letters, digits and _.-",
            },
        ];
    }
    if (/[\r\0]/.test(value) || /(?<!\\)\n/.test(value)) {
        return problem(
            "a value is one line; use a list for several lines, or end each but the last with a backslash",
        );
    }
    if (/\\\n[ \t]*([#;\n\\]|$)/.test(value)) {
        return problem("a line that goes on after a backslash may be neither blank nor a comment");
    }
    if (value.endsWith("\\")) {
        return problem("a backslash at the end joins the next directive to this one; remove it");
    }
    return [
        ...validateLength(directive, rules),
        ...validateWord(directive),
        ...(/^Exec[A-Z]/.test(name) && /^(Service|Socket)$/.test(section)
            ? validateCommand(directive)
            : []),
        ...(/^[a-z]/.test(name) && /^[A-Z](?!-)/.test(section)
            ? [
                  {
                      path,
                      allowed: `systemd's directives begin with a capital letter, and it ignores ${name}`,
                      severity: "warning" as const,
                  },
              ]
            : []),
    ];
}

function validateLength({ name, value, path }: Directive, rules: UnitRules): Problem[] {
    const lengths = `${name}=${value}\n`.split(/(?<=\n)/).map((line) => Buffer.byteLength(line));
    const longest = Math.max(...lengths);
    return longest <= lineLimit
        ? []
        : [
              {
                  path,
                  given: given(value),
                  allowed: `a line has at most ${lineLimit} bytes with its newline, not ${longest}; break it with a backslash at the end of each line but the last`,
                  severity: rules.longLine ?? "warning",
              },
          ];
}

function validateWord({ section, name, value, path }: Directive): Problem[] {
    const allowed = allowedWords(section, name);
    return allowed === undefined || value === "" || allowed.includes(value)
        ? []
        : [{ path, given: given(value), allowed: `one of ${allowed.join(", ")}` }];
}

function validateCommand({ value, path }: Directive): Problem[] {
    const problem = (allowed: string): Problem[] => [{ path, given: given(value), allowed }];
    const { commands, balanced } = splitCommandLine(value);
    if (!balanced) {
        return problem("every quote must be closed; quoteArgument() quotes an argument");
    }
    return commands.flatMap(([word = ""]) => {
        const executable = executableOf(word);
        return isExecutable(executable)
            ? []
            : problem(
                  `a command begins with an absolute path or a bare name, not ${JSON.stringify(executable)}`,
              );
    });
}
