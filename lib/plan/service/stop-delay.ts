import { type Draft, says, withLines } from "./assignments.js";

/** Seconds that a stop takes at least. */
export const STOP_DELAY = 0.3;

/**
 * A service whose stop takes a moment, unless it has an `ExecStopPost` of its own. fleet's agent asks systemd to reset
 * the state of a unit that it stopped; where systemd has forgotten the unit already, the agent drops the rest of its
 * work until its next pass, 5 seconds later (fleet 1.0.0, agent/reconcile.go).
 *
 * @param seconds 0 for a stop that takes as long as it takes
 */
export function withStopDelay(draft: Draft, seconds: number, path: string): Draft {
    const isService = draft.some(({ section }) => section === "Service");
    return !isService || seconds === 0 || says(draft, "Service", "ExecStopPost")
        ? draft
        : withLines(
              draft,
              "Service",
              "ExecStopPost",
              [`/bin/sleep ${seconds}`],
              `${path}.Service.ExecStopPost`,
          );
}
