import type { Candidate } from "./candidates.js";
import { circleOf } from "./colocation.js";
import { compileGlob } from "./glob.js";
import type { MachineFacts } from "./placed-unit.js";
import { hostility } from "./relations.js";
import type { Reach, Verdict } from "./verdict.js";
import { listed } from "./wording.js";

const none: ReadonlySet<MachineFacts> = new Set();

/** Refuses units that wait for each other, and those that must run beside one that they can't run beside. */
export function refusePeers(verdicts: Map<Candidate, Verdict>, reach: Reach): void {
    const { relations, standing, complete } = reach;
    const byName = new Map(reach.candidates.map((candidate) => [candidate.name, candidate]));
    const peersOf = (unit: Candidate) =>
        unit.requirements.machineOf.flatMap((peer) => byName.get(peer) ?? []);
    const refuse = (unit: Candidate, reason: string) => {
        if (verdicts.get(unit)?.reason === undefined) {
            verdicts.set(unit, { open: none, given: none, key: "MachineOf", reason });
        }
    };
    const bound = reach.candidates.filter(
        (unit) => unit.requirements.machineOf.length > 0 && !standing.fixed.has(unit),
    );
    const newcomers = bound.filter(({ on }) => on === undefined);
    const circle = circleOf(newcomers, (unit) =>
        peersOf(unit).filter(({ on }) => on === undefined),
    );
    for (const unit of circle) {
        const what = circle.length === 1 ? "it waits for itself" : "wait for each other";
        const who = circle.length === 1 ? "" : `${listed(circle)} `;
        refuse(unit, `${who}${what}, and fleet schedules that never`);
    }
    for (const unit of bound) {
        for (const peer of unit.requirements.machineOf) {
            if (complete && !byName.has(peer)) {
                refuse(unit, `it must run beside ${peer}, which fleet does not have`);
            }
            const { conflicts } = unit.requirements;
            if (peer !== unit.name && conflicts.some((glob) => compileGlob(glob)?.test(peer))) {
                refuse(unit, `it must run beside ${peer}, with which it conflicts`);
            }
        }
        const all = [unit];
        for (const each of all) {
            all.push(...peersOf(each).filter((peer) => !all.includes(peer)));
        }
        for (const [index, one] of all.entries()) {
            const other = all.slice(index + 1).find((each) => relations.apart(one, each));
            if (other !== undefined) {
                const together = `it must share a machine with ${listed(all.slice(1))}`;
                refuse(unit, `${together}, but ${hostility(one, other, relations)}`);
            }
        }
    }
}

/** Nothing runs where what it must run beside can't be. */
export function followPeers(verdicts: Map<Candidate, Verdict>, reach: Reach): void {
    const { candidates, standing } = reach;
    const byName = new Map(candidates.map((candidate) => [candidate.name, candidate]));
    const bound = candidates.filter(
        (unit) => unit.requirements.machineOf.length > 0 && !standing.fixed.has(unit),
    );
    for (let isChanged = true; isChanged; ) {
        isChanged = false;
        for (const unit of bound) {
            for (const name of unit.requirements.machineOf) {
                const before = verdicts.get(unit);
                const peer = byName.get(name);
                const beside = peer === undefined ? undefined : verdicts.get(peer);
                if (before === undefined || beside === undefined) {
                    continue;
                }
                const after = narrowed(before, beside, name);
                isChanged ||= after.given.size < before.given.size;
                verdicts.set(unit, after);
            }
        }
    }
}

function narrowed(unit: Verdict, peer: Verdict, name: string): Verdict {
    const [open = none, given = none] = [unit.open, unit.given].map(
        (machines) => new Set(Array.from(machines).filter((machine) => peer.given.has(machine))),
    );
    if (unit.reason !== undefined || open.size > 0) {
        return { ...unit, open, given };
    }
    const reason =
        peer.given.size === 0 && peer.reason !== undefined
            ? `it must run beside ${name}, which has no machine: ${peer.reason}`
            : `it must run beside ${name}, which can be on ${listed(Array.from(peer.given))} only, where this one can't`;
    return { open, given, key: "MachineOf", reason };
}
