import type { Candidate } from "./candidates.js";
import type { MachineFacts } from "./placed-unit.js";
import type { Relations } from "./relations.js";

/** What fleet leaves where it is, and what it may put anywhere. */
export interface Standing {
    /** Units that stay on the machine on which they are. */
    readonly fixed: ReadonlyMap<Candidate, MachineFacts>;
    /**
     * Units that `Replaces` can move, and those that follow them by `MachineOf`. fleet moves a unit to the
     * machine with the fewest units without asking whether it can run there, and of the two that are not to be
     * together it moves either, at random (engine/reconciler.go, handle_reschedule).
     */
    readonly loose: ReadonlySet<Candidate>;
}

/** Tells units that stay from those that may be moved. Whoever may lose its place in any way is not fixed. */
export function standingIn(
    jobs: readonly Candidate[],
    globals: readonly Candidate[],
    machines: readonly MachineFacts[],
    relations: Relations,
): Standing {
    const machineOf = new Map(machines.map((machine) => [machine.name, machine]));
    const fixed = new Map(
        jobs.flatMap((job) => {
            const machine = machineOf.get(job.on ?? "");
            return machine === undefined ? [] : [[job, machine] as const];
        }),
    );
    const there = new Map(fixed);
    const byName = new Map([...jobs, ...globals].map((each) => [each.name, each]));
    const beside = (peer: string, machine: MachineFacts): boolean => {
        const other = byName.get(peer);
        return other?.requirements.global
            ? other.eligible.has(machine) && relations.rivals(other).length === 0
            : other !== undefined && fixed.get(other) === machine;
    };
    const settled = (job: Candidate, other: Candidate): boolean =>
        fixed.has(job) && fixed.has(other) && fixed.get(job) !== fixed.get(other);
    const rivals = new Map(jobs.map((job) => [job, relations.rivals(job)]));
    const loose = new Set<Candidate>();
    for (let before = -1; before !== fixed.size - loose.size; ) {
        before = fixed.size - loose.size;
        for (const job of jobs) {
            const moved = (rivals.get(job) ?? []).some(
                (rival) => relations.replace(job, rival) && !settled(job, rival),
            );
            const follows = job.requirements.machineOf.some((peer) => {
                const other = byName.get(peer);
                return other !== undefined && loose.has(other);
            });
            if (moved || follows) {
                loose.add(job);
            }
        }
        for (const [job, machine] of fixed) {
            const stays =
                job.eligible.has(machine) &&
                !loose.has(job) &&
                job.requirements.machineOf.every((peer) => beside(peer, machine)) &&
                (rivals.get(job) ?? []).every(
                    (rival) =>
                        !relations.conflict(job, rival) ||
                        (there.get(rival) !== machine && !loose.has(rival)),
                );
            if (!stays) {
                fixed.delete(job);
            }
        }
    }
    return { fixed, loose };
}
