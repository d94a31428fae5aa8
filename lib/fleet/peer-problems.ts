import type { Problem } from "../problem.js";
import type { Candidate } from "./candidates.js";
import type { ClusterView } from "./cluster-view.js";
import type { Group } from "./colocation.js";
import { compileGlob } from "./glob.js";
import { hostility } from "./relations.js";
import { listed, wanted } from "./wording.js";

/** Units that must run beside one beside which they can't stay. */
export function hostilePeers({ candidates, jobs, relations }: ClusterView): Problem[] {
    const byName = new Map(candidates.map((candidate) => [candidate.name, candidate]));
    const problem = (unit: Candidate, given: string, allowed: string): Problem => ({
        path: `${unit.name}.X-Fleet.MachineOf`,
        given,
        allowed,
    });
    return jobs.flatMap((unit) =>
        unit.requirements.machineOf.flatMap((peer): Problem[] => {
            const other = byName.get(peer);
            const conflict =
                other === undefined
                    ? unit.requirements.conflicts.some((glob) => compileGlob(glob)?.test(peer))
                    : relations.conflict(unit, other);
            if (conflict) {
                const why = `conflicts with ${unit.name}, so the two can't be on one machine`;
                return [problem(unit, peer, why)];
            }
            return other !== undefined && relations.replace(unit, other)
                ? [
                      problem(
                          unit,
                          peer,
                          `${hostility(unit, other, relations)}, and fleet leaves no unit on one machine with what it replaces`,
                      ),
                  ]
                : [];
        }),
    );
}

/** What keeps units that must share a machine from doing so. */
export function splitGroup(
    { units, eligible, waiting, hostile }: Group,
    view: ClusterView,
): Problem[] {
    const { domains, relations } = view;
    const [first] = units;
    const problems: Problem[] = [];
    const [loop] = waiting;
    if (loop !== undefined) {
        problems.push({
            path: `${loop.name}.X-Fleet.MachineOf`,
            given: listed(waiting),
            allowed:
                waiting.length === 1
                    ? "it waits for itself, and fleet schedules it never"
                    : "they wait for each other, and fleet schedules none of them",
        });
    }
    for (const [one, other] of hostile) {
        problems.push({
            path: `${one.name}.X-Fleet.MachineOf`,
            given: listed(units),
            allowed: `must share one machine, but ${hostility(one, other, relations)}`,
        });
    }
    const each = units.every(
        (unit) => (domains.get(unit) ?? { machines: unit.eligible }).machines.size > 0,
    );
    if (first !== undefined && each && eligible.length === 0) {
        problems.push({
            path: `${first.name}.X-Fleet.MachineOf`,
            given: listed(units),
            allowed: `must share one machine, but none has all they ask for: ${asked(units)}`,
        });
    }
    return problems;
}

function asked(units: readonly Candidate[]): string {
    const texts = units.map((unit) => {
        const { machineId } = unit.requirements;
        return [machineId === undefined ? "" : `the id ${machineId}`, wanted(unit)]
            .filter(Boolean)
            .join(" and ");
    });
    return Array.from(new Set(texts.filter(Boolean))).join("; ");
}
