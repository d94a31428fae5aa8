import { given, type Problem } from "../problem.js";
import { parseUnitName } from "../systemd/index.js";
import { type Candidate, hasId } from "./candidates.js";
import type { MachineFacts } from "./placed-unit.js";
import { abridged, listed, metadataOf, wanted } from "./wording.js";

/** Units that ask for an id or metadata that no machine has, those that ask for the same in one problem. */
export function unmetRequirements(
    candidates: readonly Candidate[],
    machines: readonly MachineFacts[],
): Problem[] {
    const unmet = new Map<string, Candidate[]>();
    for (const candidate of candidates.filter(({ eligible }) => eligible.size === 0)) {
        const { prefix, suffix } = parseUnitName(candidate.name);
        const { machineId, global } = candidate.requirements;
        const key = JSON.stringify([prefix, suffix, machineId, global, wanted(candidate)]);
        unmet.set(key, [...(unmet.get(key) ?? []), candidate]);
    }
    return Array.from(unmet.values()).flatMap(([first, ...others]): Problem[] => {
        if (first === undefined) {
            return [];
        }
        const also = others.length === 0 ? "" : `, for ${listed(others)} neither`;
        const isWarning = first.requirements.global;
        return [
            {
                ...unmetProblem(first, machines, also),
                ...(isWarning ? { severity: "warning" as const } : {}),
            },
        ];
    });
}

function unmetProblem(unit: Candidate, machines: readonly MachineFacts[], also: string): Problem {
    const { machineId } = unit.requirements;
    const own = machines.filter((machine) => hasId(machine, machineId));
    if (machineId !== undefined && own.length === 0) {
        return {
            path: `${unit.name}.X-Fleet.MachineID`,
            given: given(machineId),
            allowed: `no machine has this id${also}; there are ${idsOf(machines)}`,
        };
    }
    return {
        path: `${unit.name}.X-Fleet.MachineMetadata`,
        given: wanted(unit),
        allowed: isOne(own, machineId)
            ? `the machine with the id ${machineId} does not have this${also}; it has ${metadataOf(own)}`
            : `no machine has this${also}; there are ${metadataOf(machines)}`,
    };
}

/** Why no machine has the id and the metadata that a unit asks for, a clause. */
export function noCommonMachine(unit: Candidate, machines: readonly MachineFacts[]): string {
    const { machineId } = unit.requirements;
    const own = machines.filter((machine) => hasId(machine, machineId));
    if (own.length === 0) {
        return `no machine has the id ${machineId}; there are ${idsOf(machines)}`;
    }
    return isOne(own, machineId)
        ? `the machine with the id ${machineId} has ${metadataOf(own)}, not ${wanted(unit)}`
        : `no machine has ${wanted(unit)}; there are ${metadataOf(machines)}`;
}

/** Whether these are known to be what the id asks for, and not only those that it might be. */
function isOne(own: readonly MachineFacts[], machineId: string | undefined): boolean {
    return machineId !== undefined && own.every(({ id }) => id !== undefined);
}

function idsOf(machines: readonly MachineFacts[]): string {
    return abridged(machines.map(({ name, id }) => `${id} (${name})`));
}
