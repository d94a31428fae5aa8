/** The commands of one `Exec…=` line: words without their quotes. */
export interface CommandLine {
    readonly commands: readonly (readonly string[])[];
    /** Whether every quote is closed. systemd refuses the line otherwise. */
    readonly balanced: boolean;
}

/**
 * Splits a line as systemd does: at blanks outside quotes, and into several commands at a semicolon
 * that is a word of its own. Escapes are left as they are. Source: systemd.service(5) "Command lines".
 */
export function splitCommandLine(line: string): CommandLine {
    const commands: string[][] = [[]];
    let word: string | undefined;
    let quote: string | undefined;
    let plain = true;
    for (const [character] of `${line} `.matchAll(/\\?./gsu)) {
        if (quote === undefined && /^\s$/.test(character)) {
            if (word === ";" && plain) {
                commands.push([]);
            } else if (word !== undefined) {
                commands.at(-1)?.push(word);
            }
            word = undefined;
            plain = true;
        } else if (character === quote) {
            quote = undefined;
        } else if (quote === undefined && /^["']$/.test(character)) {
            quote = character;
            word ??= "";
            plain = false;
        } else {
            word = (word ?? "") + character;
        }
    }
    if (word !== undefined) {
        commands.at(-1)?.push(word);
    }
    return {
        commands: commands.filter((words) => words.length > 0),
        balanced: quote === undefined,
    };
}

/**
 * The executable that a command begins with, without the prefixes `@`, `-`, `:` and one of `+`, `!`,
 * `!!` and `|`, each at most once.
 */
export function executableOf(word: string): string {
    let rest = word;
    const left = new Set(["@", "-", ":", "|", "privilege"]);
    for (;;) {
        const prefix = /^(?:!!|[@:+!|-])/.exec(rest)?.[0] ?? "";
        const kind = /^(?:!!|[+!])$/.test(prefix) ? "privilege" : prefix;
        if (!left.delete(kind)) {
            return rest;
        }
        rest = rest.slice(prefix.length);
    }
}

/** Whether systemd takes this as an executable: an absolute path of a file, or a bare name. */
export function isExecutable(executable: string): boolean {
    const expanded = /^%[^%]/.test(executable);
    const absolute = /^\/.*[^/]$/s.test(executable);
    return expanded || absolute || /^[^/$][^/]*$/.test(executable);
}
