import type { Candidate } from "./candidates.js";
import type { MachineFacts } from "./placed-unit.js";
import type { Reach, Verdict } from "./verdict.js";

/** The machine of each unit for which fleet's choice does not depend on its random order; see `possiblePlacements`. */
export function certainties(
    verdicts: ReadonlyMap<Candidate, Verdict>,
    reach: Reach,
): Map<Candidate, MachineFacts> {
    const { candidates, relations, standing, complete } = reach;
    const byName = new Map(candidates.map((candidate) => [candidate.name, candidate]));
    const certain = new Map<Candidate, MachineFacts>();
    const open = (unit: Candidate): ReadonlySet<MachineFacts> =>
        verdicts.get(unit)?.open ?? unit.eligible;
    const given = (unit: Candidate) => verdicts.get(unit)?.given ?? unit.eligible;
    const jobs = candidates.filter(({ requirements }) => !requirements.global);
    const isDisputed = (peer: Candidate | undefined) =>
        peer?.requirements.global === true && relations.rivals(peer).length > 0;
    const steady = jobs.filter(
        (job) =>
            open(job).size > 0 &&
            !job.requirements.machineOf.some((name) => isDisputed(byName.get(name))) &&
            !standing.loose.has(job) &&
            relations.rivals(job).every((rival) => !standing.loose.has(rival)),
    );
    const uncontested = (job: Candidate, machine: MachineFacts): boolean =>
        open(job).has(machine) &&
        relations
            .rivals(job)
            .every((rival) => !open(rival).has(machine) && !rival.eligible.has(machine));
    for (const job of steady) {
        const own = standing.fixed.get(job);
        if (own !== undefined && open(job).has(own)) {
            certain.set(job, own);
        }
    }
    for (let before = -1; before !== certain.size; ) {
        before = certain.size;
        for (const job of steady.filter((each) => !certain.has(each))) {
            const peers = job.requirements.machineOf.map((name) => byName.get(name));
            const known = peers.map((peer) =>
                peer?.requirements.global ? undefined : peer && certain.get(peer),
            );
            const [only, ...others] = peers.length > 0 ? new Set(known) : given(job);
            if (
                only !== undefined &&
                others.length === 0 &&
                known.every(Boolean) &&
                uncontested(job, only)
            ) {
                certain.set(job, only);
            }
        }
    }
    const pending = jobs.filter((job) => given(job).size > 0 && !standing.fixed.has(job));
    const [single] = pending;
    const isPlaced = (peer: Candidate | undefined) =>
        peer?.requirements.global === true || (peer !== undefined && standing.fixed.has(peer));
    if (
        complete &&
        single !== undefined &&
        pending.length === 1 &&
        jobs.every((job) => job === single || job.on === undefined || standing.fixed.has(job)) &&
        steady.includes(single) &&
        single.requirements.machineOf.every((name) => isPlaced(byName.get(name)))
    ) {
        const chosen = leastLoaded(single, given(single), reach);
        if (chosen !== undefined) {
            certain.set(single, chosen);
        }
    }
    return certain;
}

/** fleet's own choice (engine/scheduler.go) where nothing else moves. */
function leastLoaded(
    single: Candidate,
    open: ReadonlySet<MachineFacts>,
    { candidates, machines, relations, standing }: Reach,
): MachineFacts | undefined {
    const globals = candidates.filter(({ requirements }) => requirements.global);
    const disputed = globals.some((global) =>
        relations.rivals(global).some((rival) => rival.requirements.global || rival === single),
    );
    if (disputed || standing.loose.size > 0 || machines.some(({ id }) => id === undefined)) {
        return undefined;
    }
    const load = new Map(
        machines.map((machine) => {
            const own = candidates.filter((unit) => standing.fixed.get(unit) === machine);
            const everywhere = globals.filter(
                (global) =>
                    global.eligible.has(machine) &&
                    own.every((unit) => !relations.conflict(unit, global)),
            );
            return [machine, own.length + everywhere.length];
        }),
    );
    const [first] = Array.from(open).sort(
        (one, other) =>
            (load.get(one) ?? 0) - (load.get(other) ?? 0) ||
            ((one.id ?? "") < (other.id ?? "") ? -1 : 1),
    );
    return first;
}
