import { quoteShell } from "../clients/journal.js";
import { GiveUpError, WaitTimeoutError, waitFor } from "../clients/wait.js";
import { expandSpecifiers } from "../fleet/index.js";
import type { MachineSessions } from "./machine-sessions.js";
import type { ServiceCheck } from "./service-inputs.js";
import { UnitError } from "./unit-error.js";

/** Milliseconds between two attempts. */
const INTERVAL = 500;
/** Milliseconds between two looks at the unit itself while its check fails. */
const GLANCE = 5_000;
/** Most characters of an answer that a message repeats. */
const MOST = 120;

/** The instance that is checked, and where it runs. */
export interface Checked {
    /** The instance's main unit, whose name replaces the specifiers. */
    readonly unit: string;
    readonly machineId: string;
    readonly deadline: number;
    /** Throws where the unit runs no longer. */
    stillRuns(): Promise<void>;
    /** Told what is waited for. */
    onWaiting(seen: string): void;
}

/**
 * Asks an instance until it answers well.
 *
 * @throws UnitError with the machine and the last answer
 */
export async function untilAnswers(
    check: ServiceCheck,
    sessions: MachineSessions,
    checked: Checked,
): Promise<void> {
    const { unit, machineId, deadline } = checked;
    const machine = sessions.nameOf(machineId);
    let glanced = Date.now();
    try {
        await waitFor(
            `the check of ${unit}`,
            {
                deadline,
                interval: INTERVAL,
                onWaiting: (seen) => checked.onWaiting(`${unit}: ${seen} on ${machine}`),
            },
            async () => {
                const seen = await attempt(check, sessions, unit, machineId);
                if (seen === undefined) {
                    return { done: undefined };
                }
                if (Date.now() - glanced >= GLANCE) {
                    await checked.stillRuns().catch((cause: Error) => {
                        throw new Stopped(cause);
                    });
                    glanced = Date.now();
                }
                return { waiting: seen };
            },
        );
    } catch (cause) {
        if (cause instanceof Stopped) {
            throw cause.reason;
        }
        if (cause instanceof WaitTimeoutError) {
            const what = `runs on ${machine}, but its check fails for ${cause.waitedSeconds} s: ${cause.lastSeen}`;
            throw new UnitError(unit, what, machineId);
        }
        throw cause;
    }
}

class Stopped extends GiveUpError {
    constructor(readonly reason: Error) {
        super(reason.message);
    }
}

/** What one attempt saw; `undefined` where all is well. */
async function attempt(
    check: ServiceCheck,
    sessions: MachineSessions,
    unit: string,
    machineId: string,
): Promise<string | undefined> {
    const session = await sessions.to(machineId);
    if (session === undefined) {
        return "no SSH connection for its check";
    }
    const expand = (text: string): string => expandSpecifiers(text, unit);
    const limit = check.timeout * 1000;
    if (check.http !== undefined) {
        const port = Number(expand(check.http.port));
        const path = expand(check.http.path);
        const what = `GET http://127.0.0.1:${port}${path}`;
        const answer = await session
            .request({ port }, { path, timeout: limit })
            .catch((cause: Error) => cause.message);
        if (typeof answer === "string") {
            return `${what} failed (${answer})`;
        }
        if (answer.status >= 400) {
            return `${what} answered ${answer.status}${quoted(answer.body)}`;
        }
    }
    if (check.tcp !== undefined) {
        const port = Number(expand(check.tcp.port));
        const refusal = await timed(session.dial({ port }), limit).then(
            (channel) => {
                channel.destroy();
                return undefined;
            },
            (cause: Error) => cause.message,
        );
        if (refusal !== undefined) {
            return `port ${port} takes no connection (${refusal})`;
        }
    }
    if (check.command !== undefined) {
        const command = expand(check.command);
        const line = `sudo -n timeout ${check.timeout} /bin/sh -c ${quoteShell(command)}`;
        const result = await sessions.exec(machineId, line, limit + INTERVAL);
        if (result === undefined || result.code === 124) {
            return `"${command}" did not end within ${check.timeout} s`;
        }
        if (result.code !== 0) {
            const said = quoted(result.stderr.trim() || result.stdout.trim());
            return `"${command}" ended with ${result.code}${said}`;
        }
    }
    return undefined;
}

async function timed<T>(work: Promise<T>, limit: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const end = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no answer in ${limit / 1000} s`)), limit);
    });
    try {
        return await Promise.race([work, end]);
    } finally {
        clearTimeout(timer);
    }
}

function quoted(text: string): string {
    const [line = ""] = text.trim().split("\n");
    return line === "" ? "" : `: ${line.length > MOST ? `${line.slice(0, MOST)}…` : line}`;
}
