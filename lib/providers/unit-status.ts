import { quoteShell } from "../clients/journal.js";
import type { SshSession } from "../clients/ssh.js";

const PROPERTIES = [
    "LoadState",
    "MainPID",
    "Type",
    "ActiveState",
    "SubState",
    "Result",
    "NRestarts",
    "ExecMainStatus",
    "ExecMainExitTimestampMonotonic",
    "ActiveEnterTimestampMonotonic",
];

/**
 * systemd's own view of a unit on a machine (org.freedesktop.systemd1(5)); `undefined` where it gives none. With it
 * `now`, in microseconds of the machine's own clock, `comm`, the name of the main process (proc(5)), and of the file that
 * fleet wrote for it `sha1` and `age`, in microseconds.
 */
export async function showUnit(
    session: SshSession,
    name: string,
): Promise<Record<string, string> | undefined> {
    // The clock is read first: a busy machine must not make a process look older than it is.
    const file = quoteShell(`/run/fleet/units/${name}`);
    const script = [
        "read -r now _ < /proc/uptime",
        "clock=$(date +%s.%N)",
        `shown=$(systemctl show --property=${PROPERTIES.join(",")} -- ${quoteShell(name)})`,
        'echo "now=$now" && echo "$shown"',
        "pid=${shown##*MainPID=} && pid=${pid%%[!0-9]*}",
        "if read -r comm < /proc/$pid/comm; then echo comm=$comm; fi 2> /dev/null",
        `if sum=$(sha1sum ${file}); then echo "sha1=\${sum%% *}"; fi 2> /dev/null`,
        `if at=$(stat --format=%.9Y ${file}); then echo "age=$clock $at"; fi 2> /dev/null`,
    ];
    const result = await session.exec(script.join(" && "));
    if (result.code !== 0) {
        return undefined;
    }
    const properties: Record<string, string> = {};
    for (const line of result.stdout.split("\n")) {
        const at = line.indexOf("=");
        properties[line.slice(0, at)] = line.slice(at + 1);
    }
    const now = Number(properties["now"]) * 1_000_000;
    const { age, ...rest } = properties;
    const [clock, at] = (age ?? "").split(" ").map(Number);
    return {
        ...rest,
        now: String(now),
        ...(clock === undefined || at === undefined
            ? {}
            : { written: String(now - (clock - at) * 1_000_000) }),
    };
}

/** Whether a unit was started after fleet had written the text of that SHA-1 for it. */
export function isStartedFrom(unit: Readonly<Record<string, string>>, hash: string): boolean {
    const started = Number(unit["ActiveEnterTimestampMonotonic"] ?? 0);
    return unit["sha1"] === hash && started > Number(unit["written"] ?? Number.POSITIVE_INFINITY);
}

/** What systemd's view of a unit amounts to. */
export type Verdict =
    | { readonly kind: "runs" }
    /**
     * It was not started yet, or ended of its own accord: systemd forgets how, unless it was a failure. `isFine` where
     * ending is what such a unit does.
     */
    | { readonly kind: "inactive"; readonly isFine: boolean }
    | { readonly kind: "failed"; readonly why: string }
    | { readonly kind: "waits"; readonly seen: string };

/** Microseconds for which a process must have run before its unit counts as started. */
const SETTLED = 1_000_000;
/** The same in microseconds for one that was restarted. */
const RECOVERED = 10_000_000;
/** Restarts by systemd after which a unit counts as failed. */
const RESTARTS = 3;

/** What an exit status of systemd's own means, before it ran the program (systemd.exec(5)). */
const EXIT_STATUS: Readonly<Record<string, string>> = {
    200: "its WorkingDirectory can't be entered",
    203: "its program can't be executed: it is missing, or no executable",
    216: "its Group does not exist",
    217: "its User does not exist",
    226: "its mount namespace can't be set up",
};

/** Judges what {@link showUnit} gave. */
export function judge(unit: Readonly<Record<string, string>>): Verdict {
    const restarts = Number(unit["NRestarts"] ?? 0);
    const state = unit["ActiveState"];
    const since = Number(unit["now"]) - Number(unit["ActiveEnterTimestampMonotonic"] ?? 0);
    if (restarts >= RESTARTS && state === "active" && unit["Result"] === "success") {
        // While it runs once more, systemd does not say how it ended before: a later look sees that.
        return since >= RECOVERED
            ? { kind: "runs" }
            : { kind: "waits", seen: `restarted ${restarts} times` };
    }
    if (state === "failed" || restarts >= RESTARTS) {
        const after = restarts === 0 ? "" : `, after ${restarts} restarts`;
        return { kind: "failed", why: reasonOf(unit) + after };
    }
    const isOneshot = unit["Type"] === "oneshot";
    const hasExited = Number(unit["ExecMainExitTimestampMonotonic"] ?? 0) > 0;
    if (isOneshot && unit["Result"] === "success" && hasExited) {
        return { kind: "runs" };
    }
    if (state === "inactive") {
        return { kind: "inactive", isFine: isOneshot };
    }
    // Between fork and exec a unit of Type=simple counts as active, and its process's name is in parentheses.
    const isExecuted = unit["comm"]?.startsWith("(") !== true;
    return state === "active" && isExecuted && since >= SETTLED
        ? { kind: "runs" }
        : { kind: "waits", seen: `${state} (${unit["SubState"]})` };
}

function reasonOf(unit: Readonly<Record<string, string>>): string {
    const status = unit["ExecMainStatus"] ?? "";
    switch (unit["Result"]) {
        case "success":
            return "it ends at once";
        case "exit-code":
            return EXIT_STATUS[status] ?? `exit status ${status}`;
        case "signal":
        case "core-dump":
            return `ended by signal ${status}`;
        case "timeout":
            return "it did not start in the time that its TimeoutStartSec gives";
        default:
            return unit["Result"] ?? "for no reason that systemd gives";
    }
}
