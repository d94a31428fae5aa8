import type { Problem } from "../problem.js";
import { parseUnitName } from "../systemd/index.js";
import { type Candidate, candidatesOf, conflicting } from "./candidates.js";
import { colocate, type Group } from "./colocation.js";
import { findCrowds } from "./crowds.js";
import type { MachineFacts, PlacedUnit } from "./placed-unit.js";

/**
 * What fleet could never place, however it went about it: fleet itself would wait for ever and say
 * nothing. Whatever fleet could place gives no error, so not everything that it can't place is found.
 * Templates are passed over, and of units that are not in the list nothing is assumed. A machine's id
 * is not known beforehand: any one machine may be the one that `MachineID` asks for.
 *
 * @param units by names that `validateFleetUnitName` accepts
 * @returns problems at paths such as `hello@1.service.X-Fleet.MachineMetadata`.
 */
export function checkPlacement(
    units: readonly PlacedUnit[],
    machines: readonly MachineFacts[],
): Problem[] {
    const candidates = candidatesOf(
        units.filter(({ name }) => !parseUnitName(name).isTemplate),
        machines,
    );
    const scheduled = candidates.filter(({ requirements }) => !requirements.global);
    if (machines.length === 0) {
        return scheduled.length === 0
            ? []
            : [{ path: "machines", allowed: `none is there to run ${listed(scheduled)}` }];
    }
    const groups = colocate(scheduled);
    return [
        ...unmetMetadata(candidates, machines),
        ...hostilePeers(candidates),
        ...groups.flatMap((group) => splitGroup(group)),
        ...findCrowds(groups).map(({ units: crowd, machines: few }): Problem => {
            const [first] = crowd;
            return {
                path: `${first?.name}.X-Fleet.Conflicts`,
                given: listed(crowd),
                allowed: `${counted(crowd)} conflict with each other, but only ${few.length} ${few.length === 1 ? "machine" : "machines"} can take them (${abridged(few.map(({ name }) => name))})`,
            };
        }),
    ];
}

/** Units that ask for metadata that no machine has, those that ask for the same in one problem. */
function unmetMetadata(
    candidates: readonly Candidate[],
    machines: readonly MachineFacts[],
): Problem[] {
    const unmet = new Map<string, Candidate[]>();
    for (const candidate of candidates.filter(({ eligible }) => eligible.size === 0)) {
        const { prefix, suffix } = parseUnitName(candidate.name);
        const key = JSON.stringify([prefix, suffix, wanted(candidate)]);
        unmet.set(key, [...(unmet.get(key) ?? []), candidate]);
    }
    return Array.from(unmet.values()).flatMap(([first, ...others]): Problem[] => {
        if (first === undefined) {
            return [];
        }
        const also = others.length === 0 ? "" : `, for ${listed(others)} neither`;
        return [
            {
                path: `${first.name}.X-Fleet.MachineMetadata`,
                given: wanted(first),
                allowed: `no machine has this${also}; there are ${metadataOf(machines)}`,
                ...(first.requirements.global ? { severity: "warning" as const } : {}),
            },
        ];
    });
}

/** Units that must run beside one that they conflict with. */
function hostilePeers(candidates: readonly Candidate[]): Problem[] {
    const byName = new Map(candidates.map((candidate) => [candidate.name, candidate]));
    return candidates
        .filter(({ requirements }) => !requirements.global)
        .flatMap((candidate) =>
            candidate.requirements.machineOf
                .filter((peer) => conflicting(candidate, byName.get(peer) ?? { name: peer }))
                .map((peer) => ({
                    path: `${candidate.name}.X-Fleet.MachineOf`,
                    given: peer,
                    allowed: `conflicts with ${candidate.name}, so the two can't be on one machine`,
                })),
        );
}

/** What keeps units that must share a machine from doing so. */
function splitGroup({ units, eligible, waiting, hostile }: Group): Problem[] {
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
            allowed: `must share one machine, but ${one.name} conflicts with ${other.name}`,
        });
    }
    const each = units.every((unit) => unit.eligible.size > 0);
    if (first !== undefined && each && eligible.length === 0) {
        problems.push({
            path: `${first.name}.X-Fleet.MachineOf`,
            given: listed(units),
            allowed: `must share one machine, but none has all they ask for: ${Array.from(new Set(units.map(wanted).filter(Boolean))).join("; ")}`,
        });
    }
    return problems;
}

function wanted({ requirements }: Candidate): string {
    return Array.from(requirements.metadata, ([key, values]) =>
        Array.from(values, (value) => `${key}=${value}`).join(" or "),
    ).join(" and ");
}

function metadataOf(machines: readonly MachineFacts[]): string {
    const names = new Map<string, string[]>();
    for (const { name, metadata } of machines) {
        const text = Object.entries(metadata)
            .map(([key, value]) => `${key}=${value}`)
            .join(",");
        names.set(text, [...(names.get(text) ?? []), name]);
    }
    return abridged(
        Array.from(names, ([text, own]) => `${text || "no metadata"} (${abridged(own)})`),
    );
}

function counted(units: readonly Candidate[]): string {
    const kinds = new Set(units.map(({ name }) => `${parseUnitName(name).prefix}@`));
    const instances = units.every(({ name }) => parseUnitName(name).instance !== undefined);
    return `${units.length} ${instances && kinds.size === 1 ? "instances" : "units"}`;
}

function listed(units: readonly Candidate[]): string {
    return abridged(units.map(({ name }) => name));
}

function abridged(texts: readonly string[]): string {
    return texts.length <= 6
        ? texts.join(", ")
        : `${texts.slice(0, 5).join(", ")} and ${texts.length - 5} more`;
}
