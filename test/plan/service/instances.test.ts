import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { expanded, textOf } from "./support/expanded.js";

const unit = {
    Unit: { Description: "web %i" },
    Service: { ExecStart: "/opt/web --image 1", Restart: "no", ExecStopPost: "/x" },
} as const;

test("an instance that differs has a file of its own, with the differing lines in place", () => {
    const { files, units } = expanded({
        name: "web",
        unit,
        environment: { A: 1, B: "b c" },
        instances: {
            "8888": {},
            "9999": {
                unit: {
                    Service: { ExecStart: "/opt/web --image 2", ExecStopPost: [], User: "web" },
                },
                environment: { B: "100%" },
            },
        },
        stopDelay: 0,
    });
    assert.deepEqual(units, ["web@8888.service", "web@9999.service"]);
    assert.deepEqual(files, {
        "web@.service": [
            "[Unit]",
            "Description=web %i",
            "",
            "[Service]",
            "ExecStart=/opt/web --image 1",
            "Restart=no",
            "ExecStopPost=/x",
            'Environment="A=1"',
            'Environment="B=b c"',
            "",
            "[X-Pulumi]",
            "Owner=us",
            "",
        ].join("\n"),
        "web@9999.service": [
            "[Unit]",
            "Description=web %i",
            "",
            "[Service]",
            "ExecStart=/opt/web --image 2",
            "Restart=no",
            "User=web",
            'Environment="A=1"',
            'Environment="B=100%%"',
            "",
            "[X-Pulumi]",
            "Owner=us",
            "",
        ].join("\n"),
    });
});

test("an instance's further unit differs on its own", () => {
    const { files } = expanded({
        units: { "hello-announce": { Service: { ExecStart: "/a" } } },
        instances: { a: { units: { "hello-announce": { Service: { ExecStart: "/b" } } } }, b: {} },
    });
    const names = ["hello@.service", "hello-announce@.service", "hello-announce@a.service"];
    assert.deepEqual(Object.keys(files).sort(), [...names].sort());
    assert.match(files["hello-announce@a.service"] ?? "", /^ExecStart=\/b$/m);
});

test("what an override takes away is gone, in [X-Fleet] too, where an empty assignment is none", () => {
    const text = textOf(
        {
            unit: { ...unit, "X-Fleet": { MachineMetadata: "role=web", Conflicts: "x@*.service" } },
            instances: { a: { unit: { "X-Fleet": { MachineMetadata: "", Conflicts: "y" } } } },
        },
        "hello@a.service",
    );
    assert.match(text, /\[X-Fleet\]\nConflicts=y\n\n/);
});

for (const [what, base, dropIns, expected] of [
    [
        "lines are put behind, drop-in after drop-in in the order of their names",
        { Environment: "A=1" },
        {
            "20-b.conf": "[Service]\nEnvironment=A=3\n",
            "10-a.conf": "[Service]\nEnvironment=A=2\n",
        },
        ["Environment=A=1", "Environment=A=2", "Environment=A=3"],
    ],
    [
        "an empty assignment takes back what stood before",
        { ExecStartPre: ["/a", "/b"] },
        { "10-a.conf": "[Service]\nExecStartPre=\nExecStartPre=/c\n" },
        ["ExecStartPre=/c"],
    ],
    [
        "a drop-in may be typed",
        {},
        { "10-a.conf": { Service: { MemoryMax: "64M", CPUWeight: 20 } } },
        ["MemoryMax=64M", "CPUWeight=20"],
    ],
] as const) {
    test(`drop-ins: ${what}`, () => {
        const Service = { ...unit.Service, ...base };
        const text = textOf({ unit: { Service }, dropIns, stopDelay: 0 });
        const own = text.split("\n").filter((line) => /^(Env|ExecStartPre|Mem|CPU)/.test(line));
        assert.deepEqual(own, expected);
    });
}

test("drop-ins: taking back one time of a timer takes back all, as in systemd", () => {
    const timer = { Timer: { OnBootSec: 5, OnCalendar: "daily", Persistent: true } };
    const dropIns = { "a.conf": "[Timer]\nOnCalendar=\nOnUnitActiveSec=1h\n" };
    const text = textOf({ name: "x.timer", unit: timer, dropIns });
    assert.match(text, /^\[Timer\]\nPersistent=true\nOnUnitActiveSec=1h\n\n/);
});

test("drop-ins: of what fleet reads once, the drop-in's counts; the rest is put behind", () => {
    const text = textOf({
        unit: { ...unit, "X-Fleet": { MachineID: "a", MachineMetadata: "role=web" } },
        dropIns: { "a.conf": "[X-Fleet]\nMachineID=b\nMachineMetadata=zone=a\n" },
    });
    assert.match(
        text,
        /\[X-Fleet\]\nMachineMetadata=role=web\nMachineMetadata=zone=a\nMachineID=b\n/,
    );
});

test("the same declaration gives the same bytes; N instances give N groups", () => {
    const id = fc.stringMatching(/^[a-z0-9]{1,4}$/);
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean());
    fc.assert(
        fc.property(
            fc.uniqueArray(id),
            fc.dictionary(
                fc.stringMatching(/^[A-Z_]{1,5}$/),
                value.filter((v) => v !== "\0"),
            ),
            fc.integer({ min: 0, max: 3 }),
            (instances, variables, further) => {
                const environment = Object.fromEntries(
                    Object.entries(variables).filter(([, v]) => !String(v).includes("\0")),
                );
                const units = Object.fromEntries(
                    Array.from({ length: further }, (_, index) => [
                        `hello-${index}`,
                        { Service: { ExecStart: "/bin/true" } },
                    ]),
                );
                const declared = { instances, environment, units };
                const once = expanded(declared);
                assert.deepEqual(expanded(declared), once);
                assert.equal(once.units.length, instances.length * (1 + further));
                for (const [index, instance] of instances.entries()) {
                    const from = index * (1 + further);
                    const group = once.units.slice(from, from + 1 + further);
                    assert.equal(group[0], `hello@${instance}.service`);
                    assert.ok(group.every((name) => name.endsWith(`@${instance}.service`)));
                }
            },
        ),
    );
});
