import type { Candidate } from "./candidates.js";
import type { Domain } from "./domains.js";
import type { MachineFacts } from "./placed-unit.js";
import type { Relations } from "./relations.js";

/** Units that `MachineOf` ties to one machine; most units are alone in theirs. */
export interface Group {
    readonly units: readonly Candidate[];
    /** The machines that all of them may run on; one list for all groups that may have the same. */
    readonly eligible: readonly MachineFacts[];
    /** Those that wait for each other in a circle. */
    readonly waiting: readonly Candidate[];
    /** Pairs that can't share a machine though none of the two names the other in `MachineOf`. */
    readonly hostile: readonly (readonly [Candidate, Candidate])[];
}

/** Groups units by `MachineOf`, in the order given. Units that are not in the list tie nothing. */
export function colocate(
    candidates: readonly Candidate[],
    domains: ReadonlyMap<Candidate, Domain>,
    relations: Relations,
): Group[] {
    const byName = new Map(candidates.map((candidate) => [candidate.name, candidate]));
    const peersOf = (candidate: Candidate): Candidate[] =>
        candidate.requirements.machineOf.flatMap((name) => byName.get(name) ?? []);
    const lists = new Map<ReadonlySet<MachineFacts>, readonly MachineFacts[]>();
    const listOf = (machines: ReadonlySet<MachineFacts>): readonly MachineFacts[] => {
        const list = lists.get(machines) ?? Array.from(machines);
        lists.set(machines, list);
        return list;
    };
    const domainOf = (candidate: Candidate): ReadonlySet<MachineFacts> =>
        domains.get(candidate)?.machines ?? candidate.eligible;
    return tied(candidates, peersOf).map((units) => {
        const [first] = units;
        const all = first === undefined ? [] : listOf(domainOf(first));
        const alone = units.length === 1;
        return {
            units,
            eligible: alone
                ? all
                : all.filter((machine) => units.every((unit) => domainOf(unit).has(machine))),
            waiting: circleOf(units, peersOf),
            hostile: alone
                ? []
                : pairsOf(units).filter(
                      ([one, other]) =>
                          relations.apart(one, other) &&
                          !one.requirements.machineOf.includes(other.name) &&
                          !other.requirements.machineOf.includes(one.name),
                  ),
        };
    });
}

/** The units in sets that their peers connect. */
function tied(
    candidates: readonly Candidate[],
    peersOf: (candidate: Candidate) => Candidate[],
): Candidate[][] {
    const set = new Map(candidates.map((candidate) => [candidate, [candidate]]));
    for (const candidate of candidates) {
        for (const peer of peersOf(candidate)) {
            const one = set.get(candidate) ?? [];
            const other = set.get(peer) ?? [];
            if (one !== other) {
                const [large, small] = one.length < other.length ? [other, one] : [one, other];
                large.push(...small);
                for (const member of small) {
                    set.set(member, large);
                }
            }
        }
    }
    const position = new Map(candidates.map((candidate, index) => [candidate, index]));
    const sets = new Set(candidates.map((candidate) => set.get(candidate) ?? []));
    return Array.from(sets, (units) =>
        units.sort((one, other) => (position.get(one) ?? 0) - (position.get(other) ?? 0)),
    );
}

/** What is left of the units once those that wait for none, or for which none waits, are taken away. */
export function circleOf(
    units: readonly Candidate[],
    peersOf: (candidate: Candidate) => readonly Candidate[],
): Candidate[] {
    let left = new Set(units);
    for (;;) {
        const waitedFor = new Set(Array.from(left).flatMap(peersOf));
        const next = new Set(
            Array.from(left).filter(
                (unit) => waitedFor.has(unit) && peersOf(unit).some((peer) => left.has(peer)),
            ),
        );
        if (next.size === left.size) {
            return Array.from(next);
        }
        left = next;
    }
}

function pairsOf(units: readonly Candidate[]): (readonly [Candidate, Candidate])[] {
    return units.flatMap((one, index) =>
        units.slice(index + 1).map((other) => [one, other] as const),
    );
}
