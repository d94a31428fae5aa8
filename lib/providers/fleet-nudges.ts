import type { FleetClient } from "../clients/fleet.js";
import type { Sight } from "./unit-sight.js";
import type { WantedUnit } from "./wanted-unit.js";

/** Milliseconds between two nudges: whoever was asleep for a second is to hear the next one soon. */
export const NUDGE = 100;
/** The same for what has been waited for so long that something else is in its way. */
const RARELY = 1_000;
/** Milliseconds for which a unit is nudged often. */
const SOON = 6_000;
/** Milliseconds for which a unit has been waited for before fleet is nudged. */
const PATIENCE = 400;
/** Sights of a unit for which it is fleet's turn. */
const TURNS: readonly (Sight["kind"] | undefined)[] = ["fleet", "unplaced"];

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
 * Writes something to fleet's registry that changes nothing, where fleet has yet to act. Engine and agents hear one
 * write, sleep for a second, and then look at everything; what is a new unit's first write only puts them to sleep
 * (fleet 1.0.0, registry/event.go). So a nudge that is heard makes nobody later, and one in between is not heard.
 */
export class Nudges {
    private last = 0;

    constructor(private readonly fleet: FleetClient) {}

    /** @param touchstone a unit that stands in any case, to be touched in place of one that goes */
    async give(awaited: readonly Awaited[], touchstone: WantedUnit | undefined): Promise<void> {
        const now = Date.now();
        const [one] = awaited
            .filter(({ sight, since }) => TURNS.includes(sight?.kind) && now - since >= PATIENCE)
            .sort((first, second) => second.since - first.since);
        if (one === undefined || now - this.last < (now - one.since < SOON ? NUDGE : RARELY)) {
            return;
        }
        this.last = now;
        const unit = one.isGoing ? touchstone : one.unit;
        if (unit !== undefined) {
            await this.fleet.touch(unit.name, unit.state).catch(() => undefined);
        }
    }
}
