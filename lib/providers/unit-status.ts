import { quoteShell } from "../clients/journal.js";
import type { SshSession } from "../clients/ssh.js";

/** What is asked of systemd; `now` is added, in microseconds of the machine's own clock. */
const PROPERTIES = [
    "LoadState",
    "Type",
    "ActiveState",
    "SubState",
    "Result",
    "NRestarts",
    "ExecMainStatus",
    "ExecMainExitTimestampMonotonic",
    "ActiveEnterTimestampMonotonic",
];

/** systemd's own view of a unit on a machine (org.freedesktop.systemd1(5)); `undefined` where it gives none. */
export async function showUnit(
    session: SshSession,
    name: string,
): Promise<Record<string, string> | undefined> {
    const result = await session.exec(
        `systemctl show --property=${PROPERTIES.join(",")} -- ${quoteShell(name)}` +
            " && cut -d' ' -f1 /proc/uptime",
    );
    if (result.code !== 0) {
        return undefined;
    }
    const properties: Record<string, string> = {};
    for (const line of result.stdout.split("\n")) {
        const at = line.indexOf("=");
        if (at > 0) {
            properties[line.slice(0, at)] = line.slice(at + 1);
        } else if (line !== "") {
            properties["now"] = String(Number(line) * 1_000_000);
        }
    }
    return properties;
}

/** What systemd's view of a unit amounts to. */
export type Verdict =
    | { readonly kind: "runs" }
    /** It ended of its own accord, and nothing starts it again. */
    | { readonly kind: "ended" }
    | { readonly kind: "failed"; readonly why: string }
    | { readonly kind: "waits"; readonly seen: string };

/** Microseconds for which a process must have run before its unit counts as started. */
const SETTLED = 1_000_000;
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
    if (state === "failed" || restarts >= RESTARTS) {
        const after = restarts === 0 ? "" : `, after ${restarts} restarts`;
        return { kind: "failed", why: reasonOf(unit) + after };
    }
    const hasExited = Number(unit["ExecMainExitTimestampMonotonic"] ?? 0) > 0;
    if (unit["Type"] === "oneshot" && unit["Result"] === "success" && hasExited) {
        return { kind: "runs" };
    }
    if (state === "inactive" && hasExited) {
        return { kind: "ended" };
    }
    const since = Number(unit["now"]) - Number(unit["ActiveEnterTimestampMonotonic"] ?? 0);
    return state === "active" && since >= SETTLED
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
