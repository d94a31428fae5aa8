import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { groupUnits, serviceName, withDropIns } from "../../../lib/plan/service/index.js";
import { parseUnit, renderUnit } from "../../../lib/systemd/index.js";
import { textOf } from "./support/expanded.js";

for (const [file, name] of [
    ["web@.service", "web"],
    ["web.service", "web"],
    ["tick.timer", "tick.timer"],
    ["tick@.timer", "tick.timer"],
    ["a.b.service", "a.b"],
] as const) {
    test(`${file} is of service ${name}`, () => assert.equal(serviceName(file), name));
}

const plain = { Service: { ExecStart: "/x" } };

for (const [what, units, groups] of [
    ["alone", { "a.service": plain, "b@.service": plain }, { "a.service": [], "b@.service": [] }],
    [
        "a sidekick by MachineOf, by BindsTo, and one of a sidekick",
        {
            "web@.service": plain,
            "web-a@.service": { ...plain, "X-Fleet": { MachineOf: "web@%i.service" } },
            "web-b@.service": { Unit: { BindsTo: "web@%i.service" }, ...plain },
            "web-c@.service": { Unit: { BindsTo: "web-a@%i.service" }, ...plain },
        },
        { "web@.service": ["web-a@.service", "web-b@.service", "web-c@.service"] },
    ],
    [
        "a timer, socket and path of what they start",
        {
            "backup.service": plain,
            "backup.timer": { Timer: { OnBootSec: 1 } },
            "listen.socket": { Socket: { ListenStream: 1, Service: "backup.service" } },
            "watch.path": { Path: { PathExists: "/x", Unit: "backup.service" } },
        },
        { "backup.service": ["backup.timer", "listen.socket", "watch.path"] },
    ],
    ["a timer of what is not there", { "x.timer": { Timer: { OnBootSec: 1 } } }, { "x.timer": [] }],
    [
        "a plain unit beside one instance stays a service of its own",
        {
            "web@.service": plain,
            "a.service": { ...plain, "X-Fleet": { MachineOf: "web@1.service" } },
        },
        { "a.service": [], "web@.service": [] },
    ],
    [
        "two that name each other",
        {
            "b.service": { Unit: { BindsTo: "a.service" }, ...plain },
            "a.service": { Unit: { BindsTo: "b.service" }, ...plain },
            "c.service": { Unit: { BindsTo: "b.service" }, ...plain },
        },
        { "a.service": ["b.service", "c.service"] },
    ],
] as const) {
    test(`units of a folder: ${what}`, () => {
        assert.deepEqual(Object.fromEntries(groupUnits(units)), groups);
    });
}

test("drop-ins of a folder are read in the order of their names", () => {
    const unit = withDropIns(plain, {
        "20-b.conf": { Service: { User: "b" } },
        "10-a.conf": { Service: { User: "a", ExecStart: ["", "/y"] } },
    });
    assert.deepEqual(unit, { Service: { ExecStart: "/y", User: ["a", "b"] } });
});

test("a rendered text, read from its file again, renders the same", () => {
    const word = fc.stringMatching(/^[a-z0-9/%$"' -]{0,12}[a-z]$/);
    const unit = fc.record({
        Unit: fc.record({ Description: word }),
        Service: fc.record(
            {
                ExecStart: word.map((rest) => `/x ${rest}`),
                Type: fc.constantFrom("exec", "oneshot"),
            },
            { requiredKeys: ["ExecStart"] },
        ),
    });
    fc.assert(
        fc.property(
            unit,
            fc.dictionary(fc.stringMatching(/^[A-Z]{1,4}$/), word),
            (one, environment) => {
                const text = textOf({ unit: one, environment });
                assert.equal(textOf({ unit: withDropIns(parseUnit(text), {}) }), text);
                assert.equal(renderUnit(parseUnit(text)), text);
            },
        ),
    );
});
