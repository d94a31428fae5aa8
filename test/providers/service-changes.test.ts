import assert from "node:assert/strict";
import { test } from "node:test";
import type { DesiredState, FleetApiUnit, FleetUnitState } from "../../lib/clients/fleet.js";
import { toOptions } from "../../lib/fleet/index.js";
import { changesOf, foreignUnits, ownGroups } from "../../lib/providers/service-changes.js";
import { driftOf, tellDrift } from "../../lib/providers/service-drift.js";
import type { ServiceInputs } from "../../lib/providers/service-inputs.js";
import { parseUnit } from "../../lib/systemd/index.js";

const owner = "p/s/c/web";
const text = (what: string, more = "", by = owner): string =>
    `[Service]\nExecStart=${what}\n${more}[X-Pulumi]\nOwner=${by}\n`;

function declared(rest: Partial<ServiceInputs> = {}): ServiceInputs {
    return {
        files: { "web@.service": text("/new") },
        units: ["web@1.service"],
        triggered: [],
        state: "launched",
        rollout: { parallel: 1, onFailure: "stop", settle: 1 },
        adopt: false,
        owner,
        connection: { user: "core", hosts: [] },
        ...rest,
    };
}

function standing(
    name: string,
    unit: string,
    desiredState: DesiredState = "launched",
    machineID: string | undefined = "m1",
): FleetApiUnit {
    const options = toOptions(parseUnit(unit));
    return { name, options, desiredState, ...(machineID === undefined ? {} : { machineID }) };
}

const state = (name: string, systemdActiveState: string): FleetUnitState => ({
    name,
    machineID: "m1",
    systemdActiveState,
});

const one = "web@1.service";
const unplaced = (what: string): FleetApiUnit => {
    const { machineID: _, ...rest } = standing(one, text(what));
    return rest;
};

const kinds: readonly (readonly [
    what: string,
    there: readonly FleetApiUnit[],
    states: readonly FleetUnitState[],
    kind: "down" | "roll" | "bring" | "right",
    rest?: Partial<ServiceInputs>,
])[] = [
    ["is not there", [], [], "bring"],
    ["runs the text", [standing(one, text("/new"))], [state(one, "active")], "right"],
    ["runs another text", [standing(one, text("/old"))], [state(one, "active")], "roll"],
    ["has another text, and nothing is known of it", [standing(one, text("/old"))], [], "roll"],
    ["has another text and failed", [standing(one, text("/old"))], [state(one, "failed")], "down"],
    ["has another text and no place", [unplaced("/old")], [], "bring"],
    ["has no place", [unplaced("/new")], [], "bring"],
    ["failed", [standing(one, text("/new"))], [state(one, "failed")], "down"],
    ["was stopped on its machine", [standing(one, text("/new"))], [state(one, "inactive")], "down"],
    ["was stopped by fleetctl", [standing(one, text("/new"), "loaded")], [], "bring"],
    [
        "has done its work",
        [standing(one, text("/new", "Type=oneshot\n"))],
        [state(one, "inactive")],
        "right",
        { files: { "web@.service": text("/new", "Type=oneshot\n") } },
    ],
    ["is to be loaded only", [standing(one, text("/old"))], [], "bring", { state: "loaded" }],
    [
        "is started by another",
        [standing(one, text("/new"), "loaded")],
        [state(one, "inactive")],
        "right",
        { triggered: [one] },
    ],
];

for (const [what, there, states, kind, rest] of kinds) {
    test(`a group whose unit ${what}: ${kind}`, () => {
        const changes = changesOf(declared(rest), there, states);
        const found = (["down", "roll", "bring", "right"] as const).filter(
            (each) => changes[each].length > 0,
        );
        assert.deepEqual(found, [kind]);
    });
}

test("a group in which one unit of several runs another text is rolled as a whole", () => {
    const files = { "web@.service": text("/new"), "log@.service": text("/log") };
    const inputs = declared({ files, units: [one, "log@1.service", "web@2.service"] });
    const there = [standing(one, text("/new")), standing("log@1.service", text("/old"))];
    const { roll, bring } = changesOf(inputs, there, []);
    const names = roll.map(({ steps }) => steps.map(({ wanted }) => wanted.name));
    assert.deepEqual(names, [[one, "log@1.service"]]);
    assert.deepEqual(
        bring.map(({ instance }) => instance),
        ["2"],
    );
});

test("surplus goes by numbers, the highest first, in the order in which its units start", () => {
    const files = { "web@.service": text("/new"), "log@.service": text("/log") };
    const inputs = declared({ files, units: [one, "log@1.service"] });
    const there = ["log@10.service", "web@9.service", "log@9.service", "web@10.service", one].map(
        (name) => standing(name, text("/new")),
    );
    const foreign = standing("web@11.service", text("/new", "", "other"));
    assert.deepEqual(changesOf(inputs, [...there, foreign], []).surplus, [
        { instance: "10", units: ["web@10.service", "log@10.service"] },
        { instance: "9", units: ["web@9.service", "log@9.service"] },
    ]);
    assert.deepEqual(
        ownGroups(inputs, [...there, foreign]).map(({ instance }) => instance),
        ["10", "9", "1"],
    );
});

test("units of the declared names that are another's are named with their owner", () => {
    const there = [
        standing("web@.service", "[Service]\nExecStart=/x\n", "inactive"),
        standing(one, text("/new", "", "p/s/c/other")),
        standing("web@2.service", text("/new", "", "p/s/c/other")),
    ];
    assert.deepEqual(foreignUnits(declared(), there), [
        { name: "web@.service", owner: "" },
        { name: one, owner: "p/s/c/other" },
    ]);
});

const template = standing("web@.service", text("/new"), "inactive");
const drifts: readonly (readonly [
    what: string,
    there: readonly FleetApiUnit[],
    states: readonly FleetUnitState[],
    told: string | undefined,
])[] = [
    ["nothing", [standing(one, text("/new"))], [state(one, "active")], undefined],
    ["a restart", [standing(one, text("/new"))], [state(one, "activating")], undefined],
    ["another machine", [standing(one, text("/new"), "launched", "m9")], [], undefined],
    ["destroyed", [], [], "fleet does not have it any more"],
    ["changed", [standing(one, text("/else"))], [], "its text was changed"],
    ["taken", [standing(one, text("/new", "", "else"))], [], "another unit has taken its name"],
    [
        "stopped",
        [standing(one, text("/new"), "loaded")],
        [],
        "fleet was told to have it loaded, not launched",
    ],
    ["unplaced", [unplaced("/new")], [], "fleet has not placed it on any machine"],
    ["failed", [standing(one, text("/new"))], [state(one, "failed")], "it failed on M1"],
    ["dead", [standing(one, text("/new"))], [state(one, "inactive")], "it does not run on M1"],
];

for (const [what, there, states, told] of drifts) {
    test(`drift: ${what}`, () => {
        const found = driftOf(declared(), [template, ...there], states, (id) => id.toUpperCase());
        assert.deepEqual(found, told === undefined ? [] : [{ unit: one, what: told }]);
    });
}

test("drift of many units takes a line for each kind, with a few of the names", () => {
    const units = Array.from({ length: 9 }, (_, index) => `web@${index}.service`);
    assert.deepEqual(
        tellDrift([
            ...units.map((unit) => ({ unit, what: "it is gone" })),
            { unit: "db.service", what: "it failed" },
        ]),
        [
            "web@0.service, web@1.service, web@2.service, web@3.service and 5 more: it is gone",
            "db.service: it failed",
        ],
    );
});
