import type { Problem } from "../problem.js";
import { parseUnitName } from "../systemd/index.js";
import type { Candidate } from "./candidates.js";
import type { ClusterView } from "./cluster-view.js";
import { listed } from "./wording.js";

/** Units that a global one keeps from every machine, always or if it is there first. */
export function globalProblems({ candidates, domains, relations }: ClusterView): Problem[] {
    const told = new Map<string, { problem: Problem; units: Candidate[] }>();
    const tell = (unit: Candidate, problem: Problem) => {
        const { prefix, suffix } = parseUnitName(unit.name);
        const { path: _, ...same } = problem;
        const key = JSON.stringify([prefix, suffix, same]);
        const found = told.get(key) ?? { problem, units: [] };
        found.units.push(unit);
        told.set(key, found);
    };
    const globals = candidates.filter(({ requirements }) => requirements.global);
    for (const unit of candidates) {
        const { machines = unit.eligible, keptBy = [], missing = [] } = domains.get(unit) ?? {};
        const isGlobal = unit.requirements.global;
        const path = `${unit.name}.X-Fleet`;
        if (unit.eligible.size > 0 && machines.size === 0) {
            const severity = isGlobal ? { severity: "warning" as const } : {};
            const could = `every machine that is left to it (${listed([...unit.eligible])})`;
            tell(
                unit,
                missing.length > 0
                    ? {
                          path: `${path}.MachineOf`,
                          given: listed(missing),
                          allowed: `is global, and runs on no machine that is left to it (${listed([...unit.eligible])})`,
                      }
                    : {
                          path: `${path}.Conflicts`,
                          given: listed(keptBy),
                          allowed: `conflicts with it, is global and takes ${could}: fleet prefers the name that sorts first`,
                          ...severity,
                      },
            );
        }
        const first = globals.find(
            (global) =>
                !isGlobal &&
                machines.size > 0 &&
                relations.conflict(global, unit) &&
                Array.from(machines).every((machine) => global.eligible.has(machine)),
        );
        if (first !== undefined) {
            tell(unit, {
                path: `${path}.Conflicts`,
                given: first.name,
                allowed:
                    "conflicts with it and is global: fleet places it only if it knows it before the global one",
                severity: "warning",
            });
        }
    }
    return Array.from(told.values(), ({ problem, units: [, ...others] }) =>
        others.length === 0
            ? problem
            : { ...problem, allowed: `${problem.allowed}; the same for ${listed(others)}` },
    );
}
