import type { Sight } from "./unit-sight.js";

/** Milliseconds between two looks. */
const LEAST = 200;
/** Milliseconds more for each unit that is looked at: many keep their machines busy enough. */
const EACH = 3;

/**
 * Milliseconds to the next look at units, of which this was seen last. Where all only have to stay as they are, and not
 * for long, it comes when the last of them has; where some do, for less than the usual time, when the last of those has.
 *
 * @param age milliseconds since their machines were asked
 */
export function lookInterval(sights: readonly (Sight | undefined)[], age = 0): number {
    const usual = LEAST + EACH * sights.length;
    const left = sights.flatMap((sight) =>
        sight?.kind === "systemd" && sight.left !== undefined
            ? [Math.max(0, Math.ceil(sight.left * 1000) - age)]
            : [],
    );
    const longest = Math.max(...left);
    if (left.length === sights.length && longest < 2 * usual) {
        return longest;
    }
    const soon = left.filter((milliseconds) => milliseconds < usual);
    return soon.length === 0 ? usual : Math.max(...soon);
}
