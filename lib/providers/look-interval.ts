import type { Sight } from "./unit-sight.js";

/** Milliseconds between two looks. */
const LEAST = 200;
/** Milliseconds more for each unit that is looked at: many keep their machines busy enough. */
const EACH = 3;

/**
 * Milliseconds to the next look at units, of which this was seen last. Where some only have to stay as they are for
 * less than the usual time, it comes when the last of those has.
 */
export function lookInterval(sights: readonly (Sight | undefined)[]): number {
    const usual = LEAST + EACH * sights.length;
    const left = sights.flatMap((sight) =>
        sight?.kind === "systemd" && sight.left !== undefined ? [Math.ceil(sight.left * 1000)] : [],
    );
    const soon = left.filter((milliseconds) => milliseconds < usual);
    return soon.length === 0 ? usual : Math.max(...soon);
}
