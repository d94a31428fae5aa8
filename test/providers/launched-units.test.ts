import assert from "node:assert/strict";
import { test } from "node:test";
import type { FleetApiUnit, FleetUnitState } from "../../lib/clients/fleet.js";
import { launchedAmong } from "../../lib/providers/launched-units.js";

const unit = (rest: Partial<FleetApiUnit> = {}): FleetApiUnit => ({
    name: "web@1.service",
    desiredState: "launched",
    ...rest,
});
const state = (active: string, sub = "running", machineID = "m1"): FleetUnitState => ({
    name: "web@1.service",
    machineID,
    systemdActiveState: active,
    systemdSubState: sub,
});
const global = [{ section: "X-Fleet", name: "Global", value: "true" }];

const table: readonly (readonly [string, FleetApiUnit, FleetUnitState[], string])[] = [
    ["a template", unit({ name: "web@.service" }), [], "not asked for"],
    ["a global unit", unit({ options: global }), [], "not asked for"],
    ["one that is only loaded", unit({ desiredState: "loaded" }), [], "not asked for"],
    ["one without a machine", unit(), [state("active")], "on no machine"],
    ["one that runs", unit({ machineID: "m1" }), [state("active")], "runs"],
    [
        "one that runs where it was before",
        unit({ machineID: "m2" }),
        [state("active")],
        "not told of",
    ],
    [
        "one that is being started",
        unit({ machineID: "m1" }),
        [state("activating", "start-pre")],
        "activating, which may take long",
    ],
    [
        "one that crashes again and again",
        unit({ machineID: "m1" }),
        [state("activating", "auto-restart")],
        "activating",
    ],
    ["one that failed", unit({ machineID: "m1" }), [state("failed", "failed")], "failed"],
];

for (const [what, one, states, expected] of table) {
    test(`${what}: ${expected}`, () => {
        const [seen] = launchedAmong([one], states);
        const long = seen?.isStarting === true ? ", which may take long" : "";
        const told = seen === undefined ? "not asked for" : `${seen.lack ?? "runs"}${long}`;
        assert.equal(told, expected);
    });
}
