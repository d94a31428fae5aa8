import type { Properties } from "./unit-show.js";

/** Whether a unit was started after fleet had written the text of that SHA-1 for it. */
export function isStartedFrom(unit: Properties, hash: string): boolean {
    const started = Number(unit["started"] ?? 0);
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
    /** `left` is the seconds for which it has yet to stay as it is, where that is all. */
    | { readonly kind: "waits"; readonly seen: string; readonly left?: number };

/** Microseconds for which a process must have run before its unit counts as started again after restarts. */
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
    243: "its credentials can't be had: LoadCredential or SetCredential names what is not there, or can't be read",
};

/**
 * Judges what systemd says of a unit that is to run: a service is active, and has been for a moment, or a oneshot
 * has done its work; a timer waits, a socket listens, a path watches.
 *
 * @param settle seconds for which a service must have been active, by the machine's own clock
 */
export function judge(unit: Properties, settle = 1): Verdict {
    const restarts = Number(unit["NRestarts"] ?? 0);
    const state = unit["ActiveState"];
    const since = Number(unit["now"]) - Number(unit["ActiveEnterTimestampMonotonic"] ?? 0);
    const load = unit["LoadState"];
    if (load === "bad-setting" || load === "error" || load === "masked") {
        return { kind: "failed", why: `systemd can't load it: ${load}` };
    }
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
    const isAtWork = state === "activating" || state === "deactivating";
    if (isOneshot && unit["Result"] === "success" && hasExited && !isAtWork) {
        return { kind: "runs" };
    }
    if (state === "inactive") {
        return { kind: "inactive", isFine: isOneshot };
    }
    // Between fork and exec a unit of Type=simple counts as active, and its process's name is in parentheses.
    const isExecuted = unit["comm"]?.startsWith("(") !== true;
    // Only services have a type; what else there is does not end by itself once it is active.
    const settled = unit["Type"] === undefined ? 0 : settle * 1_000_000;
    if (state !== "active" || !isExecuted) {
        return { kind: "waits", seen: activity(unit) };
    }
    return since >= settled
        ? { kind: "runs" }
        : { kind: "waits", seen: activity(unit), left: (settled - since) / 1_000_000 };
}

/** What a unit is at, and where a command of its own takes its time, which one and for how long. */
export function activity(unit: Properties): string {
    const state = `${unit["ActiveState"]} (${unit["SubState"]})`;
    const since = Number(unit["now"]) - Number(unit["StateChangeTimestampMonotonic"]);
    const seconds = Math.floor(since / 1_000_000);
    if (unit["control"] === undefined || !(seconds >= 1)) {
        return state;
    }
    const command = unit["control"];
    const short = command.length > 100 ? `${command.slice(0, 99)}…` : command;
    return `${unit["SubState"]} for ${seconds} s: ${short}`;
}

function reasonOf(unit: Properties): string {
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
