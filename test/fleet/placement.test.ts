import assert from "node:assert/strict";
import { test } from "node:test";
import { checkPlacement, type MachineFacts, type XFleetSection } from "../../lib/fleet/index.js";
import { formatProblem } from "../../lib/problem.js";

type Units = Readonly<Record<string, XFleetSection>>;

const m1 = { name: "m1", metadata: { role: "db" } };
const m2 = { name: "m2", metadata: { role: "db" } };
const m3 = { name: "m3", metadata: { role: "web", zone: "a" } };
const m4 = { name: "m4", metadata: {} };

const apart = { Conflicts: "hello@*.service" };
const db = { MachineMetadata: "role=db" };

/** `count` instances of hello. */
function hello(count: number, section: XFleetSection): Units {
    return Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`hello@${index + 1}.service`, section]),
    );
}

const table: readonly [
    what: string,
    units: Units,
    machines: readonly MachineFacts[],
    problems: readonly string[],
][] = [
    ["nothing", {}, [], []],
    ["nothing but a template", { "hello@.service": apart }, [], []],
    ["as many as there are machines", hello(3, apart), [m1, m2, m3], []],
    ["any number without conflicts", hello(9, {}), [m1], []],
    ["a unit that conflicts with itself only", hello(1, apart), [m1], []],
    ["a machine id", { "a.service": { MachineID: "x" } }, [m1], []],
    ["a peer that is not in the list", { "a.service": { MachineOf: "b.service" } }, [m1], []],
    ["metadata with alternatives", hello(1, { MachineMetadata: ["role=x", "role=db"] }), [m1], []],
    [
        "an instance on the machine of its own peer",
        { ...hello(2, apart), "log@1.service": { MachineOf: "hello@1.service" } },
        [m1, m2],
        [],
    ],
    [
        "global units that conflict elsewhere",
        {
            ...hello(1, {}),
            "a.service": { Global: true, Conflicts: "*", MachineMetadata: "zone=a" },
        },
        [m1, m3],
        [],
    ],
    [
        "a unit that a global one with an earlier name keeps from every machine",
        { ...hello(2, {}), "a.service": { Global: true, Conflicts: "hello@*" } },
        [m1],
        [
            "hello@1.service.X-Fleet.Conflicts: got a.service; conflicts with it, is global and takes every machine that is left to it (m1): fleet prefers the name that sorts first; the same for hello@2.service",
        ],
    ],
    [
        "a unit that a global one with a later name keeps away if it is there first",
        { ...hello(1, {}), "z.service": { Global: true, Conflicts: "hello@*" } },
        [m1],
        [
            "hello@1.service.X-Fleet.Conflicts: got z.service; conflicts with it and is global: fleet places it only if it knows it before the global one",
        ],
    ],
    [
        "a unit beside a global one",
        { "a.service": { Global: true, ...db }, "b.service": { MachineOf: "a.service" } },
        [m1, m3],
        [],
    ],
    [
        "a unit beside a global one that runs elsewhere",
        {
            "a.service": { Global: true, ...db },
            "b.service": { MachineOf: "a.service", MachineMetadata: "zone=a" },
        },
        [m1, m3],
        [
            "b.service.X-Fleet.MachineOf: got a.service; is global, and runs on no machine that is left to it (m3)",
        ],
    ],
    [
        "a unit that replaces another, each with a machine of its own",
        { "a.service": {}, "b.service": { Replaces: "a.*" } },
        [m1, m2],
        [],
    ],
    [
        "units that replace each other, which fleet takes for no wish at all",
        { "a.service": { Replaces: "b.*" }, "b.service": { Replaces: "a.*" } },
        [m1],
        [],
    ],
    [
        "a unit that replaces another on the only machine",
        { "a.service": {}, "b.service": { Replaces: "a.*" } },
        [m1],
        [
            "b.service.X-Fleet.Replaces: got a.service, b.service; 2 units need a machine each (b.service replaces a.service), but only 1 machine can take them (m1), and fleet would move them back and forth for ever",
        ],
    ],
    [
        "a unit that replaces others on the only machine that can take them",
        { ...hello(2, db), "b.service": { Replaces: ["hello@*"], ...db } },
        [m1, m3],
        [
            "b.service.X-Fleet.Replaces: got hello@1.service, b.service; 2 units need a machine each (b.service replaces hello@1.service), but only 1 machine can take them (m1), and fleet would move them back and forth for ever",
        ],
    ],
    [
        "a unit beside one that replaces it",
        { "a.service": { MachineOf: "b.service" }, "b.service": { Replaces: "a.*" } },
        [m1, m2],
        [
            "a.service.X-Fleet.MachineOf: got b.service; b.service replaces a.service, and fleet leaves no unit on one machine with what it replaces",
        ],
    ],
    [
        "a machine by its full and its short id",
        {
            "a.service": { MachineID: "0123456789abcdef" },
            "b.service": { MachineID: "01234567" },
        },
        [{ ...m1, id: "0123456789abcdef" }, m3],
        [],
    ],
    [
        "an id that no machine has",
        { "a.service": { MachineID: "0123" } },
        [{ ...m1, id: "0123456789abcdef" }],
        [
            'a.service.X-Fleet.MachineID: got "0123"; no machine has this id; there are 0123456789abcdef (m1)',
        ],
    ],
    [
        "a machine that lacks what is asked of it besides its id",
        { "a.service": { MachineID: "01234567", MachineMetadata: "zone=a" } },
        [
            { ...m1, id: "0123456789abcdef" },
            { ...m3, id: "f".repeat(16) },
        ],
        [
            "a.service.X-Fleet.MachineMetadata: got zone=a; the machine with the id 01234567 does not have this; it has role=db (m1)",
        ],
    ],
    [
        "units of which no three are enemies, and which still find no place together",
        {
            "a.service": { Conflicts: ["b.*", "e.*"] },
            "b.service": { Conflicts: "c.*" },
            "c.service": { Conflicts: "d.*" },
            "d.service": { Conflicts: "e.*" },
            "e.service": {},
        },
        [m1, m2],
        [
            "a.service.X-Fleet.Conflicts: got a.service, b.service, c.service, d.service, e.service; not all 5 find a machine, in whatever way they are placed: some of them exclude each other, and 2 machines can take them (m1, m2)",
        ],
    ],
    [
        "the last of two units with one name",
        { ...hello(1, { MachineMetadata: "role=x" }), ...hello(1, db) },
        [m1],
        [],
    ],
    [
        "no machine at all",
        hello(2, {}),
        [],
        ["machines: none is there to run hello@1.service, hello@2.service"],
    ],
    [
        "metadata that no machine has",
        hello(1, { MachineMetadata: ["role=x", "role=y", "zone=a"] }),
        [m1, m2, m3, m4],
        [
            "hello@1.service.X-Fleet.MachineMetadata: got role=x or role=y and zone=a; no machine has this; there are role=db (m1, m2), role=web,zone=a (m3), no metadata (m4)",
        ],
    ],
    [
        "metadata that no one machine has together",
        { "a.service": { MachineMetadata: ["role=db", "zone=a"] } },
        [m1, m3],
        [
            "a.service.X-Fleet.MachineMetadata: got role=db and zone=a; no machine has this; there are role=db (m1), role=web,zone=a (m3)",
        ],
    ],
    [
        "the same for several instances in one problem",
        hello(3, { MachineMetadata: "role=x" }),
        [m1],
        [
            "hello@1.service.X-Fleet.MachineMetadata: got role=x; no machine has this, for hello@2.service, hello@3.service neither; there are role=db (m1)",
        ],
    ],
    [
        "metadata with the instance in it",
        hello(2, { MachineMetadata: "nr=%i" }),
        [{ name: "m", metadata: { nr: "1" } }],
        [
            "hello@2.service.X-Fleet.MachineMetadata: got nr=2; no machine has this; there are nr=1 (m)",
        ],
    ],
    [
        "more conflicting instances than machines",
        hello(4, apart),
        [m1, m2, m3],
        [
            "hello@1.service.X-Fleet.Conflicts: got hello@1.service, hello@2.service, hello@3.service, hello@4.service; 4 instances conflict with each other, but only 3 machines can take them (m1, m2, m3)",
        ],
    ],
    [
        "more conflicting instances than machines with their metadata",
        hello(7, { ...apart, ...db }),
        [m1, m2, m3, m4],
        [
            "hello@1.service.X-Fleet.Conflicts: got hello@1.service, hello@2.service, hello@3.service, hello@4.service, hello@5.service and 2 more; 7 instances conflict with each other, but only 2 machines can take them (m1, m2)",
        ],
    ],
    [
        "conflicts of which only one of the two speaks",
        { "a.service": { Conflicts: "b.service" }, "b.service": {} },
        [m1],
        [
            "a.service.X-Fleet.Conflicts: got a.service, b.service; 2 units conflict with each other, but only 1 machine can take them (m1)",
        ],
    ],
    [
        "those of the conflicting that compete for the same machines",
        { ...hello(2, { ...apart, MachineMetadata: "zone=a" }), "hello@3.service": apart },
        [m1, m2, m3],
        [
            "hello@1.service.X-Fleet.Conflicts: got hello@1.service, hello@2.service; 2 instances conflict with each other, but only 1 machine can take them (m3)",
        ],
    ],
    [
        "conflicts between what peers share a machine with",
        {
            "a.service": { Conflicts: "b.service" },
            "a-log.service": { MachineOf: "a.service", ...db },
            "b-log.service": { MachineOf: "b.service", ...db },
            "b.service": {},
        },
        [m1, m3, m4],
        [
            "a.service.X-Fleet.Conflicts: got a.service, b.service; 2 units conflict with each other, but only 1 machine can take them (m1)",
        ],
    ],
    [
        "a unit that must run beside its enemy",
        { "a.service": { MachineOf: "b.service" }, "b.service": { Conflicts: "a.*" } },
        [m1, m2],
        [
            "a.service.X-Fleet.MachineOf: got b.service; conflicts with a.service, so the two can't be on one machine",
        ],
    ],
    [
        "the same with an enemy that is not in the list, after specifiers",
        { "a@1.service": { MachineOf: "b@%i.service", Conflicts: "b@1.service" } },
        [m1],
        [
            "a@1.service.X-Fleet.MachineOf: got b@1.service; conflicts with a@1.service, so the two can't be on one machine",
        ],
    ],
    [
        "two enemies that must run beside a third",
        {
            "a.service": { MachineOf: "c.service" },
            "b.service": { MachineOf: "c.service", Conflicts: "a.service" },
            "c.service": {},
        },
        [m1, m2],
        [
            "a.service.X-Fleet.MachineOf: got a.service, b.service, c.service; must share one machine, but a.service conflicts with b.service",
        ],
    ],
    [
        "peers that ask for different machines",
        {
            "a.service": { MachineOf: "b.service", ...db },
            "b.service": { MachineMetadata: "zone=a" },
        },
        [m1, m3],
        [
            "a.service.X-Fleet.MachineOf: got a.service, b.service; must share one machine, but none has all they ask for: role=db; zone=a",
        ],
    ],
    [
        "units that wait for each other",
        {
            "a.service": { MachineOf: "b.service" },
            "b.service": { MachineOf: "a.service" },
            "c.service": { MachineOf: "a.service" },
        },
        [m1],
        [
            "a.service.X-Fleet.MachineOf: got a.service, b.service; they wait for each other, and fleet schedules none of them",
        ],
    ],
];

for (const [what, units, machines, problems] of table) {
    test(`places ${what}`, () => {
        const placed = Object.entries(units).map(([name, section]) => ({
            name,
            unit: { "X-Fleet": section },
        }));
        assert.deepEqual(checkPlacement(placed, machines).map(formatProblem), problems);
    });
}

test("two that fleet takes apart and puts together at every pass are a warning", () => {
    const section = { MachineMetadata: "role=db" };
    const units = [
        { name: "a.service", unit: { "X-Fleet": section } },
        { name: "b.service", unit: { "X-Fleet": { ...section, Replaces: "a.service" } } },
    ];
    const severities = (machines: MachineFacts[]) =>
        checkPlacement(units, machines).map(({ severity }) => severity);
    assert.deepEqual(severities([m1, m3]), ["warning"]);
    assert.deepEqual(severities([m1]), [undefined]);
    assert.deepEqual(severities([m1, m2]), []);
});

test("a global unit that fits no machine is a warning", () => {
    const unit = { "X-Fleet": { Global: true, MachineMetadata: "role=x" } };
    const problems = checkPlacement([{ name: "a.service", unit }], [m1]);
    assert.deepEqual(
        problems.map(({ path, severity }) => [path, severity]),
        [["a.service.X-Fleet.MachineMetadata", "warning"]],
    );
});
