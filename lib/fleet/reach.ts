import { type Candidate, hasId } from "./candidates.js";
import { followPeers, refusePeers } from "./peer-reach.js";
import type { MachineFacts } from "./placed-unit.js";
import { noCommonMachine } from "./unmet.js";
import type { Reach, Verdict } from "./verdict.js";
import { abridged, listed } from "./wording.js";

const none: ReadonlySet<MachineFacts> = new Set();

/** The verdict on each unit. A machine is closed only if the unit can never stay there. */
export function judge(reach: Reach): ReadonlyMap<Candidate, Verdict> {
    const verdicts = new Map(
        reach.candidates.map((unit) => [unit, besideOthers(unit, onItsOwn(unit, reach), reach)]),
    );
    refusePeers(verdicts, reach);
    followPeers(verdicts, reach);
    return verdicts;
}

/** By id, metadata and the global units. */
function onItsOwn(unit: Candidate, { domains, machines }: Reach): Verdict {
    const { machineId } = unit.requirements;
    const domain = domains.get(unit);
    if (machines.length === 0) {
        return { open: none, given: none, reason: "there is no machine" };
    }
    if (domain === undefined || unit.eligible.size === 0) {
        const hasOwner = machines.some((machine) => hasId(machine, machineId));
        const key = hasOwner ? "MachineMetadata" : "MachineID";
        return { open: none, given: none, key, reason: noCommonMachine(unit, machines) };
    }
    const { machines: open, given, keptBy, missing } = domain;
    const could = listed(Array.from(unit.eligible));
    if (given.size === 0) {
        const reason = `it must run beside ${listed(missing)}, which is on no machine that it could have (${could})`;
        return { open, given, key: "MachineOf", reason };
    }
    if (open.size === 0) {
        const reason = `it conflicts with ${listed(keptBy)}, which is global and takes every machine that it could have (${could})`;
        return { open, given, key: "Conflicts", reason };
    }
    return { open, given };
}

/** By what stands on the machines already. */
function besideOthers(unit: Candidate, verdict: Verdict, reach: Reach): Verdict {
    const own = reach.standing.fixed.get(unit);
    if (unit.requirements.global) {
        return verdict;
    }
    if (own !== undefined) {
        const given = new Set([own]);
        const keepers = listed(reach.domains.get(unit)?.keptBy ?? []);
        const reason = `fleet leaves it on ${own.name}, and runs ${keepers} there, which is global and conflicts with it`;
        return verdict.open.has(own)
            ? { open: given, given }
            : { key: "Conflicts", reason, ...verdict, open: none, given };
    }
    if (verdict.reason !== undefined) {
        return verdict;
    }
    const holders = holdersAgainst(unit, reach);
    if (holders.size === 0) {
        return verdict;
    }
    const [open, given] = [verdict.open, verdict.given].map(
        (machines) => new Set(Array.from(machines).filter((machine) => !holders.has(machine))),
    );
    if (open === undefined || given === undefined || open.size > 0) {
        return { open: open ?? none, given: given ?? none };
    }
    const taken = Array.from(
        verdict.open,
        (machine) => `${machine.name} has ${holders.get(machine)?.name}`,
    );
    const reason = `every machine that it could have holds a unit with which it conflicts: ${abridged(taken)}`;
    return { open, given, key: "Conflicts", reason };
}

/** Machines on which a unit stays that conflicts with this one, each with one such unit. */
function holdersAgainst(unit: Candidate, reach: Reach): Map<MachineFacts, Candidate> {
    const { relations, standing, candidates, complete } = reach;
    const holders = new Map<MachineFacts, Candidate>();
    for (const rival of relations.rivals(unit)) {
        const held = standing.fixed.get(rival);
        const isEverywhere = () =>
            complete &&
            !standing.loose.has(unit) &&
            rival.requirements.global &&
            rival.on !== undefined &&
            candidates.every((other) => other === unit || !relations.conflict(other, rival));
        if (!relations.conflict(unit, rival)) {
            continue;
        }
        if (held !== undefined) {
            holders.set(held, rival);
        } else if (isEverywhere()) {
            for (const machine of rival.eligible) {
                if (machine.name !== unit.on) {
                    holders.set(machine, rival);
                }
            }
        }
    }
    return holders;
}
