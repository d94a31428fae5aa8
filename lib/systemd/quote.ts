import type { Scalar } from "./section.js";

const escapes: Readonly<Record<string, string>> = {
    "\\": "\\\\",
    '"': '\\"',
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
};

/** Text that stands for itself in a directive which expands specifiers: `%` becomes `%%` (systemd.unit(5)). */
export function escapeSpecifiers(text: string): string {
    return text.replaceAll("%", "%%");
}

/**
 * Text as exactly one argument of a command line (`ExecStart=` and its like): quoted where that is
 * needed, and nothing in it is expanded, neither `$` nor `%`. Not for the first word, the executable,
 * in which systemd does not replace `$$`. Source: systemd.service(5) "Command lines", systemd.syntax(7).
 *
 * @throws Error for text with a NUL character, which no argument can hold.
 */
export function quoteArgument(text: string): string {
    const literal = escapeSpecifiers(text).replaceAll("$", "$$$$");
    return /^[\p{L}\p{N}_@%$+=:,./-]+$/u.test(literal) ? literal : quoted(literal);
}

/**
 * Assignments for `Environment=`, one an element, quoted so that each value arrives as it is. Here `$`
 * stands for itself (systemd.exec(5)).
 *
 * @throws Error for a name that systemd ignores, and for a value with a NUL character.
 */
export function environment(values: Readonly<Record<string, Scalar>>): string[] {
    return Object.entries(values).map(([name, value]) => {
        if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
            throw new Error(
                `${JSON.stringify(name)} is no name of an environment variable; it takes letters, digits and _, and no digit at the start.`,
            );
        }
        return quoted(escapeSpecifiers(`${name}=${value}`));
    });
}

function quoted(text: string): string {
    if (text.includes("\0")) {
        throw new Error(
            `${JSON.stringify(text)} holds a NUL character, which systemd can't pass on.`,
        );
    }
    const escaped = text.replace(
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
        /[\\"\u0000-\u001f\u007f]/g,
        (character) =>
            escapes[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
    );
    return `"${escaped}"`;
}
