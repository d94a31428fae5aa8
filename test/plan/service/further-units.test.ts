import assert from "node:assert/strict";
import { test } from "node:test";
import { parseUnit } from "../../../lib/systemd/index.js";
import { expanded, textOf } from "./support/expanded.js";

const sidekick = { Service: { ExecStart: "/opt/announce" } };
const bound = {
    Unit: { BindsTo: "hello@%i.service", After: "hello@%i.service" },
    ...sidekick,
};

test("a further unit runs beside the main unit of its instance", () => {
    const { files, units } = expanded({ instances: 2, units: { "hello-announce": sidekick } });
    assert.deepEqual(units, [
        "hello@1.service",
        "hello-announce@1.service",
        "hello@2.service",
        "hello-announce@2.service",
    ]);
    const announce = parseUnit(files["hello-announce@.service"] ?? "");
    assert.deepEqual(announce["X-Fleet"], { MachineOf: "hello@%i.service" });
    assert.equal(parseUnit(files["hello@.service"] ?? "")["X-Fleet"], undefined);
});

for (const section of [
    { MachineOf: "other.service" },
    { MachineID: "b1e0dd52" },
    { MachineMetadata: "role=web" },
    { Global: true },
]) {
    test(`one that says where it runs is left there: ${JSON.stringify(section)}`, () => {
        const units = { announce: { ...sidekick, "X-Fleet": section } };
        const placed = parseUnit(textOf({ units }, "announce.service"))["X-Fleet"];
        const [[key, value] = []] = Object.entries(section);
        assert.deepEqual(placed, { [key ?? ""]: String(value) });
    });
}

test("what stops with the main unit is started again with it", () => {
    const wants = (units: Parameters<typeof expanded>[0]["units"]) =>
        parseUnit(textOf({ instances: 1, units })).Unit?.Wants;
    assert.equal(wants({ "hello-announce": bound }), "hello-announce@%i.service");
    assert.equal(wants({ "hello-announce": sidekick }), undefined);
    const own = { Unit: { Wants: "hello-announce@%i.service" }, ...sidekick };
    const text = textOf({ unit: own, instances: 1, units: { "hello-announce": bound } });
    assert.equal(text.match(/^Wants=/gm)?.length, 1);
});

test("further units start behind those that they need or come after", () => {
    const after = (...names: string[]) => ({ Unit: { After: names }, ...sidekick });
    const { units } = expanded({
        units: {
            a: after("c.service"),
            b: { Unit: { Requires: "a.service hello.service" }, ...sidekick },
            c: after("nowhere.service"),
            d: { Unit: { Before: "c.service" }, ...sidekick },
        },
    });
    const names = ["hello", "d", "c", "a", "b"].map((name) => `${name}.service`);
    assert.deepEqual(units, names);
});

test("units that wait for each other stay in the order of their declaration", () => {
    const after = (name: string) => ({ Unit: { After: name }, ...sidekick });
    const { units } = expanded({ units: { a: after("b.service"), b: after("a.service") } });
    assert.deepEqual([...units].sort(), ["a.service", "b.service", "hello.service"]);
    assert.equal(units[0], "hello.service");
});

for (const [what, declared, triggered] of [
    [
        "a timer starts the service of its name",
        { name: "backup", units: { "backup.timer": { Timer: { OnCalendar: "daily" } } } },
        ["backup.service"],
    ],
    [
        "a timer starts the one that it names",
        {
            units: {
                "tick.timer": { Timer: { OnBootSec: 1, Unit: "work.service" } },
                work: sidekick,
            },
        },
        ["work.service"],
    ],
    [
        "a socket of each instance starts its service",
        { instances: 1, units: { "hello.socket": { Socket: { ListenStream: "/run/%i" } } } },
        ["hello@1.service"],
    ],
    [
        "a socket names its service",
        { units: { "web.socket": { Socket: { ListenStream: 80, Service: "hello.service" } } } },
        ["hello.service"],
    ],
    [
        "a path names its service",
        {
            instances: 1,
            units: { "p.path": { Path: { PathExists: "/x", Unit: "hello@%i.service" } } },
        },
        ["hello@1.service"],
    ],
    ["a timer of something else", { units: { "x.timer": { Timer: { OnBootSec: 1 } } } }, []],
] as const) {
    test(`what is started by another: ${what}`, () => {
        const service = expanded(declared);
        assert.deepEqual(service.triggered, triggered);
        for (const name of triggered) {
            const file = name.replace(/@.*\./, "@.");
            assert.doesNotMatch(service.files[file] ?? "", /Restart/, "it runs when it is started");
        }
    });
}

for (const [what, unit, ...expected] of [
    ["says nothing", "ExecStart=/a", "Restart=always", "RestartSec=2", "StartLimitIntervalSec=0"],
    ["is a oneshot", "Type=oneshot\nExecStart=/a"],
    ["has no start", "RemainAfterExit=yes\nExecStop=/a"],
    ["wants none", "ExecStart=/a\nRestart=no", "Restart=no"],
    ["has its own", "ExecStart=/a\nRestart=on-failure", "Restart=on-failure"],
    [
        "has a pause",
        "ExecStart=/a\nRestartSec=9",
        "Restart=always",
        "RestartSec=9",
        "StartLimitIntervalSec=0",
    ],
    [
        "has a limit of the old name",
        "ExecStart=/a\nStartLimitInterval=9",
        "Restart=always",
        "RestartSec=2",
        "StartLimitInterval=9",
    ],
    [
        "is watched by systemd",
        "Type=notify\nWatchdogSec=5\nExecStart=/a",
        "Restart=always",
        "RestartSec=2",
        "StartLimitIntervalSec=0",
    ],
] as const) {
    test(`the restart rule of a service that ${what}`, () => {
        const lines = textOf({ unit: `[Service]\n${unit}\n` }).split("\n");
        const rules = lines.filter((line) => /^(Restart|StartLimit)/.test(line));
        assert.deepEqual(rules.sort(), [...expected].sort());
    });
}
