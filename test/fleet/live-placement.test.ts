import assert from "node:assert/strict";
import { test } from "node:test";
import {
    type LiveUnit,
    toOptions,
    unplaceableNow,
    type WantedUnit,
    type XFleetSection,
} from "../../lib/fleet/index.js";

const ids = ["1", "2", "3"].map((digit) => digit.repeat(32));
const [one = "", two = "", three = ""] = ids;
const machines = [
    { id: one, metadata: { role: "db" } },
    { id: two, metadata: { role: "web" }, name: "demo-2" },
    { id: three },
];

type Section = XFleetSection & { readonly state?: LiveUnit["desiredState"] };

function live(
    units: Readonly<Record<string, readonly [on: string, section: Section]>>,
): LiveUnit[] {
    return Object.entries(units).map(([name, [machineID, { state = "launched", ...section }]]) => ({
        name,
        options: toOptions({ "X-Fleet": section }),
        desiredState: state,
        ...(machineID === "" ? {} : { machineID }),
    }));
}

function wanted(units: Readonly<Record<string, Section>>): WantedUnit[] {
    return Object.entries(units).map(([name, { state = "launched", ...section }]) => ({
        name,
        unit: { "X-Fleet": section },
        desiredState: state,
    }));
}

const apart = { Conflicts: "hello@*.service" };

const table: readonly [
    what: string,
    there: Parameters<typeof live>[0],
    units: Parameters<typeof wanted>[0],
    reasons: Readonly<Record<string, string>>,
][] = [
    ["an empty cluster", {}, { "hello@1.service": apart, "a.service": {} }, {}],
    [
        "units that stand",
        { "a.service": [one, {}] },
        { "a.service": { MachineMetadata: "role=db" } },
        {},
    ],
    [
        "a metadata that none has",
        {},
        { "a.service": { MachineMetadata: "role=x" } },
        {
            "a.service":
                "no machine has role=x; there are role=db (11111111), role=web (demo-2), no metadata (33333333)",
        },
    ],
    [
        "an id that is gone",
        {},
        { "a.service": { MachineID: "4444" } },
        {
            "a.service": `no machine has the id 4444; there are ${one} (11111111), ${two} (demo-2), ${three} (33333333)`,
        },
    ],
    [
        "a place that another stack's unit holds",
        { "other.service": [two, { Conflicts: "a.*" }] },
        { "a.service": { MachineMetadata: "role=web" } },
        {
            "a.service":
                "every machine that it could have holds a unit with which it conflicts: demo-2 has other.service",
        },
    ],
    [
        "a place that an inactive unit held",
        { "other.service": ["", { Conflicts: "a.*", state: "inactive" }] },
        { "a.service": { MachineMetadata: "role=web" } },
        {},
    ],
    [
        "machines that a global unit of another stack has",
        { "z.service": ["", { Global: true, Conflicts: "a.*" }] },
        { "a.service": {} },
        {
            "a.service":
                "every machine that it could have holds a unit with which it conflicts: 11111111 has z.service, demo-2 has z.service, 33333333 has z.service",
        },
    ],
    [
        "a unit that was there before the global one",
        {
            "a.service": [one, {}],
            "z.service": ["", { Global: true, Conflicts: "a.*" }],
        },
        { "a.service": {} },
        {},
    ],
    [
        "a peer that fleet does not have",
        {},
        { "a.service": { MachineOf: "b.service" } },
        { "a.service": "it must run beside b.service, which fleet does not have" },
    ],
    [
        "a peer whose machine it can't have",
        { "b.service": [two, {}] },
        { "a.service": { MachineOf: "b.service", MachineMetadata: "role=db" } },
        {
            "a.service":
                "it must run beside b.service, which can be on demo-2 only, where this one can't",
        },
    ],
    [
        "more instances than are left of the machines",
        { "hello@1.service": [one, apart], "hello@9.service": [two, apart] },
        { "hello@1.service": apart, "hello@2.service": apart, "hello@3.service": apart },
        {
            "hello@2.service":
                "of hello@2.service, hello@3.service: 2 instances conflict with each other, but only 1 machine can take them (33333333)",
            "hello@3.service":
                "of hello@2.service, hello@3.service: 2 instances conflict with each other, but only 1 machine can take them (33333333)",
        },
    ],
    [
        "a place that its replacement makes",
        { "old.service": [two, { MachineMetadata: "role=web" }] },
        { "new.service": { Replaces: "old.*" } },
        {},
    ],
    [
        "what is not to run",
        {},
        { "a.service": { MachineMetadata: "role=x", state: "inactive" } },
        {},
    ],
];

for (const [what, there, units, reasons] of table) {
    test(`live placement: ${what}`, () => {
        const found = unplaceableNow(machines, live(there), wanted(units));
        assert.deepEqual(Object.fromEntries(found), reasons);
    });
}
