import type { SshSession } from "./ssh.js";

/** The last lines of a unit's journal on a machine (journalctl(1)), or why they can't be had. */
export async function journalTail(session: SshSession, unit: string, lines = 15): Promise<string> {
    const result = await session.exec(
        `journalctl --no-pager --quiet --output=short-iso --lines=${lines} --unit=${quoteShell(unit)}`,
    );
    const text = (result.code === 0 ? result.stdout : result.stderr).trimEnd();
    return text === "" ? "(its journal is empty)" : text;
}

/** The same, or why it can't be read, under a line that names unit and machine. */
export async function journalReport(session: SshSession, unit: string): Promise<string> {
    const tail = await journalTail(session, unit).catch((cause: unknown) =>
        cause instanceof Error ? cause.message : String(cause),
    );
    return `The last lines of ${unit} on ${session.host.name}:\n${tail}`;
}

/** One word of a POSIX shell's command line. */
export function quoteShell(text: string): string {
    return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
