import assert from "node:assert/strict";
import { test } from "node:test";
import { checkSpare, type MachineFacts, type XFleetSection } from "../../lib/fleet/index.js";
import { formatProblem } from "../../lib/problem.js";

const m1 = { name: "m1", metadata: { role: "db" } };
const m2 = { name: "m2", metadata: { role: "db" } };
const m3 = { name: "m3", metadata: { role: "web" } };
const apart = { Conflicts: "hello@*.service" };

function hello(count: number, section: XFleetSection): Record<string, XFleetSection> {
    return Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`hello@${index + 1}.service`, section]),
    );
}

const table: readonly [
    what: string,
    units: Readonly<Record<string, XFleetSection>>,
    machines: readonly MachineFacts[],
    warnings: readonly string[],
][] = [
    ["any number that share machines", hello(9, {}), [m1, m2], []],
    ["one machine more than instances", hello(2, apart), [m1, m2, m3], []],
    [
        "as many machines as instances",
        hello(3, apart),
        [m1, m2, m3],
        [
            "hello@1.service.X-Fleet.Conflicts: if one machine fails, one of the 3 instances of hello has nowhere to go: 3 machines can take them (m1, m2, m3)",
        ],
    ],
    [
        "as many machines with the metadata as instances",
        hello(2, { ...apart, MachineMetadata: "role=db" }),
        [m1, m2, m3],
        [
            "hello@1.service.X-Fleet.Conflicts: if one machine fails, one of the 2 instances of hello has nowhere to go: 2 machines can take them (m1, m2)",
        ],
    ],
    [
        "the only machine with some metadata, for several of a service",
        hello(2, { MachineMetadata: "role=web" }),
        [m1, m2, m3],
        [
            "hello@1.service.X-Fleet.MachineMetadata: if one machine fails, hello@1.service has nowhere to go: 1 machine can take it (m3); the same holds for hello@2.service",
        ],
    ],
    [
        "several services that need a machine each",
        { "a.service": { Conflicts: "b.*" }, "b.service": {} },
        [m1, m3],
        [
            "a.service.X-Fleet.Conflicts: if one machine fails, one of a.service, b.service has nowhere to go: 2 machines can take them (m1, m3)",
        ],
    ],
    [
        "a unit and what it replaces",
        { "a.service": { Replaces: "b.*" }, "b.service": {} },
        [m1, m3],
        [
            "a.service.X-Fleet.Replaces: if one machine fails, one of a.service, b.service has nowhere to go: 2 machines can take them (m1, m3)",
        ],
    ],
    [
        "a sidekick's main unit, which is told once",
        {
            "a.service": { MachineMetadata: "role=web" },
            "a-log.service": { MachineOf: "a.service" },
        },
        [m1, m3],
        [
            "a.service.X-Fleet.MachineMetadata: if one machine fails, a.service has nowhere to go: 1 machine can take it (m3)",
        ],
    ],
    ["units on every machine", { "a.service": { Global: true } }, [m1, m2], []],
    [
        "units that are tied to a machine on purpose",
        { "a.service": { MachineID: "0123456789" } },
        [{ ...m1, id: "0123456789" }, m2],
        [],
    ],
    [
        "what is refused anyway",
        { ...hello(3, apart), "a.service": { MachineMetadata: "role=x" } },
        [m1, m2],
        [],
    ],
    ["a cluster without machines", hello(2, {}), [], []],
    [
        "a cluster of one machine, told once for all services",
        { ...hello(2, {}), "a.service": {}, "g.service": { Global: true } },
        [m1],
        ["machines: got m1; if this machine fails, there is no other for hello, a"],
    ],
];

for (const [what, units, machines, warnings] of table) {
    test(`a spare machine: ${what}`, () => {
        const placed = Object.entries(units).map(([name, section]) => ({
            name,
            unit: { "X-Fleet": section },
        }));
        const problems = checkSpare(placed, machines);
        assert.deepEqual(problems.map(formatProblem), warnings);
        assert.ok(problems.every(({ severity }) => severity === "warning"));
    });
}
