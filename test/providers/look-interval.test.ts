import assert from "node:assert/strict";
import { test } from "node:test";
import { lookInterval } from "../../lib/providers/look-interval.js";
import type { Sight } from "../../lib/providers/unit-sight.js";

const settles = (left?: number): Sight => ({
    kind: "systemd",
    seen: "active (running)",
    on: { machineId: "m1", machine: "demo-1" },
    ...(left === undefined ? {} : { left }),
});

const table: readonly (readonly [string, readonly (Sight | undefined)[], number, number?])[] = [
    ["one that was not seen yet", [undefined], 203],
    ["one that starts", [settles()], 203],
    ["one that is about to be done", [settles(0.05)], 50],
    ["one that is not done by then", [settles(0.9)], 203],
    ["three, of which two are about to be done", [settles(0.01), settles(0.1), settles()], 100],
    ["two that are all about to be done", [settles(0.1), settles(0.4)], 400],
    ["two of which one takes longer", [settles(0.1), settles(0.6)], 100],
    ["one of which systemd was asked a while ago", [settles(0.3)], 200, 100],
    ["one that is done by now", [settles(0.3)], 0, 400],
    ["a hundred", Array.from({ length: 100 }, () => settles()), 500],
    ["a hundred that all stay as they are", Array.from({ length: 100 }, () => settles(0.9)), 900],
];

for (const [what, sights, milliseconds, age] of table) {
    test(`the next look at ${what} is in ${milliseconds} ms`, () => {
        assert.equal(lookInterval(sights, age), milliseconds);
    });
}
