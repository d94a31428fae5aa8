import type { Candidate } from "./candidates.js";
import type { Relations } from "./relations.js";

/**
 * Units that may for a pass be where they do not belong: those that `Replaces` touches, those that run beside one of
 * two global units in conflict, of which the engine sees either, and those that run while these stop a global unit.
 */
export function astrayFrom(
    loose: ReadonlySet<Candidate>,
    candidates: readonly Candidate[],
    relations: Relations,
): ReadonlySet<Candidate> {
    const globals = candidates.filter(({ requirements }) => requirements.global);
    const rivals = new Map(globals.map((global) => [global, relations.rivals(global)]));
    const disputed = globals.filter((global) =>
        rivals.get(global)?.some(({ requirements }) => requirements.global),
    );
    const bases = new Set(disputed.map(({ name }) => name));
    const astray = new Set(loose);
    for (let before = -1; before !== astray.size; ) {
        before = astray.size;
        for (const unit of candidates) {
            if (unit.requirements.machineOf.some((peer) => bases.has(peer))) {
                astray.add(unit);
            }
        }
        for (const near of rivals.values()) {
            for (const rival of near.some((other) => astray.has(other)) ? near : []) {
                astray.add(rival);
            }
        }
        for (const { name } of astray) {
            bases.add(name);
        }
    }
    return astray;
}
