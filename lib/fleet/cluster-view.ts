import { parseUnitName } from "../systemd/index.js";
import { type Candidate, candidatesOf } from "./candidates.js";
import { colocate, type Group } from "./colocation.js";
import { type Domain, domainsOf } from "./domains.js";
import type { MachineFacts, PlacedUnit } from "./placed-unit.js";
import { Relations } from "./relations.js";

/** Units and machines, seen as fleet sees them. */
export interface ClusterView {
    readonly candidates: readonly Candidate[];
    /** Those that fleet gives to a machine: all but the global ones. */
    readonly jobs: readonly Candidate[];
    readonly domains: ReadonlyMap<Candidate, Domain>;
    readonly relations: Relations;
    /** The jobs, in sets that share a machine. */
    readonly groups: readonly Group[];
}

/** Looks at all units at once. Templates are passed over. */
export function viewOf(
    units: readonly PlacedUnit[],
    machines: readonly MachineFacts[],
): ClusterView {
    const candidates = candidatesOf(
        units.filter(({ name }) => !parseUnitName(name).isTemplate),
        machines,
    );
    const relations = new Relations(candidates);
    const domains = domainsOf(candidates, relations);
    const jobs = candidates.filter(({ requirements }) => !requirements.global);
    return { candidates, jobs, domains, relations, groups: colocate(jobs, domains, relations) };
}
