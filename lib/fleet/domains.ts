import type { Candidate } from "./candidates.js";
import type { MachineFacts } from "./placed-unit.js";
import type { Relations } from "./relations.js";

/** Where a unit may run on its own account, and what global units leave of it. */
export interface Domain {
    readonly machines: ReadonlySet<MachineFacts>;
    /** The machines that the engine may give it, on some of which the agent would not run it. */
    readonly given: ReadonlySet<MachineFacts>;
    /** Global units that keep it from other machines. */
    readonly keptBy: readonly Candidate[];
    /** Global units beside which it must run, and that leave no machine that it could have. */
    readonly missing: readonly Candidate[];
}

/**
 * What each unit may have, by id, metadata and the global units.
 *
 * fleet's engine knows global units only as what is in the way: a unit that conflicts with one is not
 * given a machine where the global one may run, unless it was there before. The agent then goes through
 * the units by name and drops each that conflicts with an earlier one: where a global unit's name comes
 * first, a unit in conflict with it never runs there, in whichever order they were made
 * (fleet 1.0.0, engine/state.go, agent/reconcile.go).
 */
export function domainsOf(
    candidates: readonly Candidate[],
    relations: Relations,
): Map<Candidate, Domain> {
    const globals = candidates.filter(({ requirements }) => requirements.global);
    const byName = new Map(globals.map((global) => [global.name, global]));
    const shared = new Map<string, ReadonlySet<MachineFacts>>();
    const numbers = new Map<ReadonlySet<MachineFacts>, number>();
    const narrow = (
        from: ReadonlySet<MachineFacts>,
        why: string,
        stays: (machine: MachineFacts) => boolean,
    ): ReadonlySet<MachineFacts> => {
        const number = numbers.get(from) ?? numbers.size;
        numbers.set(from, number);
        const found =
            shared.get(`${number} ${why}`) ?? new Set(Array.from(from).filter((one) => stays(one)));
        shared.set(`${number} ${why}`, found);
        return found;
    };
    return new Map(
        candidates.map((candidate) => {
            let given = candidate.eligible;
            const keptBy: Candidate[] = [];
            const missing: Candidate[] = [];
            for (const peer of candidate.requirements.machineOf) {
                const global = byName.get(peer);
                if (global !== undefined) {
                    const rest = narrow(given, `beside ${peer}`, (machine) =>
                        global.eligible.has(machine),
                    );
                    if (rest.size === 0 && given.size > 0) {
                        missing.push(global);
                    }
                    given = rest;
                }
            }
            let machines = given;
            for (const global of globals) {
                if (global.name < candidate.name && relations.conflict(global, candidate)) {
                    const rest = narrow(
                        machines,
                        `without ${global.name} ${candidate.name}`,
                        (machine) => !holds(global, candidate, machine, candidates, relations),
                    );
                    if (rest.size < machines.size) {
                        keptBy.push(global);
                        machines = rest;
                    }
                }
            }
            return [candidate, { machines, given, keptBy, missing }];
        }),
    );
}

/** Whether the agent of a machine takes the global unit before the other, with nothing in its own way. */
function holds(
    global: Candidate,
    other: Candidate,
    machine: MachineFacts,
    candidates: readonly Candidate[],
    relations: Relations,
): boolean {
    return (
        global.eligible.has(machine) &&
        !candidates.some(
            (earlier) =>
                earlier !== other &&
                earlier.name < global.name &&
                earlier.eligible.has(machine) &&
                relations.conflict(earlier, global),
        )
    );
}
