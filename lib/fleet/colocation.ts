import { type Candidate, conflicting } from "./candidates.js";
import type { MachineFacts } from "./placed-unit.js";

/** Units that `MachineOf` ties to one machine; most units are alone in theirs. */
export interface Group {
    readonly units: readonly Candidate[];
    /** The machines that all of them may run on. */
    readonly eligible: readonly MachineFacts[];
    /** Those that wait for each other in a circle. */
    readonly waiting: readonly Candidate[];
    /** Pairs that conflict though none of the two names the other in `MachineOf`. */
    readonly hostile: readonly (readonly [Candidate, Candidate])[];
}

/** Groups units by `MachineOf`, in the order given. Units that are not in the list tie nothing. */
export function colocate(candidates: readonly Candidate[]): Group[] {
    const byName = new Map(candidates.map((candidate) => [candidate.name, candidate]));
    const peers = new Map(
        candidates.map((candidate) => [
            candidate,
            candidate.requirements.machineOf.flatMap((name) => byName.get(name) ?? []),
        ]),
    );
    const members = new Map(candidates.map((candidate) => [candidate, [candidate]]));
    for (const [candidate, own] of peers) {
        for (const peer of own) {
            const one = members.get(candidate) ?? [];
            const other = members.get(peer) ?? [];
            if (one !== other) {
                const joined = candidates.filter(
                    (each) => one.includes(each) || other.includes(each),
                );
                for (const member of joined) {
                    members.set(member, joined);
                }
            }
        }
    }
    return Array.from(new Set(members.values()), (units) => ({
        units,
        eligible: Array.from(units[0]?.eligible ?? []).filter((machine) =>
            units.every(({ eligible }) => eligible.has(machine)),
        ),
        waiting: circleOf(units, peers),
        hostile: pairsOf(units).filter(
            ([one, other]) =>
                conflicting(one, other) &&
                !one.requirements.machineOf.includes(other.name) &&
                !other.requirements.machineOf.includes(one.name),
        ),
    }));
}

/** What is left of the units once those that wait for none, or for which none waits, are taken away. */
function circleOf(
    units: readonly Candidate[],
    peers: ReadonlyMap<Candidate, readonly Candidate[]>,
): Candidate[] {
    let left = [...units];
    for (;;) {
        const waitsFor = (one: Candidate, other: Candidate) =>
            peers.get(one)?.includes(other) === true;
        const next = left.filter(
            (unit) =>
                left.some((other) => waitsFor(unit, other)) &&
                left.some((other) => waitsFor(other, unit)),
        );
        if (next.length === left.length) {
            return next;
        }
        left = next;
    }
}

function pairsOf(units: readonly Candidate[]): (readonly [Candidate, Candidate])[] {
    return units.flatMap((one, index) =>
        units.slice(index + 1).map((other) => [one, other] as const),
    );
}
