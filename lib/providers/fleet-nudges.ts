import type { FleetClient } from "../clients/fleet.js";
import type { Sight } from "./unit-sight.js";
import type { WantedUnit } from "./wanted-unit.js";

/** Milliseconds between two nudges. */
const INTERVAL = 400;
/**
 * Milliseconds after which fleet is nudged for a unit: its agents at once; its engine when it should have looked by itself,
 * since an agent that is woken before there is something to do is deaf when there is.
 */
const PATIENCE: ReadonlyMap<Sight["kind"] | undefined, number> = new Map([
    ["fleet", INTERVAL],
    ["unplaced", 2_500],
]);

/** A unit that is waited for. */
export interface Awaited {
    readonly unit: WantedUnit;
    /** Whether the unit is to be gone from fleet altogether. */
    readonly isGoing: boolean;
    /** When the wait began, in milliseconds since the epoch. */
    readonly since: number;
    readonly sight?: Sight;
}

/**
 * Writes something to fleet's registry that changes nothing, where fleet has yet to act. An agent goes through its
 * work until the first error, and is deaf for a second after each event; it then does the rest at the next
 * event, or after 5 seconds (fleet 1.0.0, agent/task.go, registry/event.go).
 */
export class Nudges {
    private last = 0;

    constructor(private readonly fleet: FleetClient) {}

    /** @param touchstone a unit that stands in any case, to be touched in place of one that goes */
    async give(awaited: readonly Awaited[], touchstone: WantedUnit | undefined): Promise<void> {
        const now = Date.now();
        const [one] = awaited.filter(
            ({ sight, since }) =>
                now - since >= (PATIENCE.get(sight?.kind) ?? Number.POSITIVE_INFINITY),
        );
        if (one === undefined || now - this.last < INTERVAL) {
            return;
        }
        this.last = now;
        const unit = one.isGoing ? touchstone : one.unit;
        if (unit !== undefined) {
            await this.fleet.touch(unit.name, unit.state).catch(() => undefined);
        }
    }
}
