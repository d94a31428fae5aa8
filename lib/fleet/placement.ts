import type { Problem } from "../problem.js";
import { viewOf } from "./cluster-view.js";
import { findCrowds } from "./crowds.js";
import { globalProblems } from "./global-problems.js";
import { findUnpackable } from "./packing.js";
import { hostilePeers, splitGroup } from "./peer-problems.js";
import type { MachineFacts, PlacedUnit } from "./placed-unit.js";
import { crowdProblem, unpackableProblem } from "./rival-problems.js";
import { unmetRequirements } from "./unmet.js";
import { listed } from "./wording.js";

/**
 * What fleet could never place, however it went about it: fleet itself would wait for ever and say
 * nothing. What `Replaces` would have it move back and forth for ever counts as such, but for two units
 * that only one of several machines can take: fleet puts the one that it took away back in the same pass, so
 * they run together, and get a warning. Whatever
 * fleet could place gives no error, so not everything that it can't place is found: sets of more than
 * 16 units that are entangled in uncommon ways are passed over. A warning tells what depends on the
 * order in which fleet learns of the units, and of a global unit that runs nowhere.
 *
 * Templates are passed over, and of units that are not in the list nothing is assumed. A machine
 * without an id may be the one that `MachineID` asks for.
 *
 * @param units by names that `validateFleetUnitName` accepts; of one service, or of all that share the machines
 * @returns problems at paths such as `hello@1.service.X-Fleet.MachineMetadata`.
 */
export function checkPlacement(
    units: readonly PlacedUnit[],
    machines: readonly MachineFacts[],
): Problem[] {
    const view = viewOf(units, machines);
    const { candidates, relations, jobs, groups } = view;
    if (machines.length === 0) {
        return jobs.length === 0
            ? []
            : [{ path: "machines", allowed: `none is there to run ${listed(jobs)}` }];
    }
    const crowds = findCrowds(groups, relations);
    const crowded = new Set(crowds.flatMap((crowd) => crowd.groups));
    return [
        ...unmetRequirements(candidates, machines),
        ...globalProblems(view),
        ...hostilePeers(view),
        ...groups.flatMap((group) => splitGroup(group, view)),
        ...crowds.map((crowd) =>
            crowdProblem(crowd, relations, machines.length > crowd.machines.length),
        ),
        ...findUnpackable(
            groups.filter((group) => !crowded.has(group)),
            relations,
        ).map((set) => unpackableProblem(set, relations)),
    ];
}
