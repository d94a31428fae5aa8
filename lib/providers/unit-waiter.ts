import { UnitError } from "./unit-error.js";
import type { Sight } from "./unit-sight.js";
import type { WantedUnit } from "./wanted-unit.js";

/** Somebody who waits for a unit, and what was seen of it so far. */
export interface Waiter {
    readonly unit: WantedUnit;
    /** Whether the unit is to be gone from fleet altogether. */
    readonly isGoing: boolean;
    readonly since: number;
    readonly settle: (outcome: UnitError | undefined) => void;
    /** Why fleet can't place it, as the cluster was at the last question. */
    reason?: string;
    /** Since when it is seen not to be started, though fleet has loaded it. */
    idleSince?: number;
    sight?: Sight;
    seen: string;
}

const AIM = { launched: "running", loaded: "loaded", inactive: "unloaded" };

/** What is said when the time is over. */
export function lateError(waiter: Waiter): UnitError {
    const { unit, isGoing, since, seen, sight } = waiter;
    const seconds = Math.round((Date.now() - since) / 1000);
    const aim = isGoing ? "gone" : AIM[unit.state];
    const what = `is not ${aim} after ${seconds} s: ${seen}`;
    return new UnitError(unit.name, what, placeOf(waiter), sight?.kind === "fleet");
}

/** Id of the machine that the last look was about. */
export function placeOf({ sight }: Waiter): string | undefined {
    return sight !== undefined && "on" in sight ? sight.on?.machineId : undefined;
}
