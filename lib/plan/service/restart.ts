import { type Draft, says, valuesOf, withLines } from "./assignments.js";

/** What decides which restart rule is a sane one. */
export interface RestartCase {
    /** Where the user would have written it. */
    readonly path: string;
    /** Whether a timer, path or socket starts the unit. */
    readonly isTriggered: boolean;
    /** Whether the unit waits for secrets. */
    readonly hasSecrets: boolean;
}

/**
 * A service that says nothing of restarts is started again whenever it ends, after two seconds and without a limit:
 * nobody watches fleet's machines. Work that ends (`Type=oneshot`) and what another unit starts are left alone, but for
 * work that waits for its secrets. `Restart=no` switches it off.
 */
export function withRestart(draft: Draft, { path, isTriggered, hasSecrets }: RestartCase): Draft {
    const isService = draft.some(({ section }) => section === "Service");
    if (!isService || isTriggered) {
        return draft;
    }
    const isOneshot = typeOf(draft) === "oneshot";
    const restart = valuesOf(draft, "Service", "Restart").at(-1);
    if (hasSecrets ? restart === "no" : restart !== undefined || isOneshot) {
        return draft;
    }
    const rule = isOneshot ? "on-failure" : "always";
    const added = unlessSaid(draft, "Service", "Restart", rule, path);
    const paused = unlessSaid(added, "Service", "RestartSec", 2, path);
    return hasStartLimit(paused)
        ? paused
        : withLines(
              paused,
              "Unit",
              "StartLimitIntervalSec",
              [0],
              `${path}.Unit.StartLimitIntervalSec`,
          );
}

/** A service's type, as systemd sees it (systemd.service(5)). */
export function typeOf(draft: Draft): string {
    const said = valuesOf(draft, "Service", "Type").at(-1);
    return said ?? (valuesOf(draft, "Service", "ExecStart").length === 0 ? "oneshot" : "simple");
}

function unlessSaid(
    draft: Draft,
    section: string,
    name: string,
    value: string | number,
    path: string,
): Draft {
    return says(draft, section, name)
        ? draft
        : withLines(draft, section, name, [value], `${path}.${section}.${name}`);
}

/** Today's names of the limit, and those that systemd knew before 230. */
function hasStartLimit(draft: Draft): boolean {
    return draft.some(({ name }) => /^StartLimit(IntervalSec|Interval|Burst)$/.test(name));
}
