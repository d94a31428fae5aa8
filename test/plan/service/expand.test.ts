import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hashOptions, toOptions } from "../../../lib/fleet/index.js";
import {
    type DeclaredService,
    planService,
    validateService,
} from "../../../lib/plan/service/index.js";
import { planMachines } from "../../../lib/plan/shape.js";
import { errorsOf, formatProblem, warningsOf } from "../../../lib/problem.js";
import { parseUnit } from "../../../lib/systemd/index.js";
import { expanded, textOf } from "./support/expanded.js";

for (const [name, instances, file, ...units] of [
    ["hello", undefined, "hello.service", "hello.service"],
    ["hello.service", undefined, "hello.service", "hello.service"],
    ["a.b", undefined, "a.b.service", "a.b.service"],
    ["hello", 0, "hello@.service"],
    ["hello", 2, "hello@.service", "hello@1.service", "hello@2.service"],
    ["hello.service", 1, "hello@.service", "hello@1.service"],
    ["hello", ["a", 7], "hello@.service", "hello@a.service", "hello@7.service"],
    ["hello", [], "hello@.service"],
    ["hello", { b: {}, a: {} }, "hello@.service", "hello@b.service", "hello@a.service"],
] as const) {
    test(`units of ${name} in ${JSON.stringify(instances)}`, () => {
        const service = expanded({ name, instances });
        assert.deepEqual(service.units, units);
        assert.deepEqual(Object.keys(service.files), [file]);
    });
}

const machines = planMachines({
    name: "demo",
    members: { count: 3, metadata: { role: "member" } },
});
const unit = { Service: { ExecStart: "/bin/true" } };

function told(service: Partial<DeclaredService>): string[] {
    const whole = { name: "hello", unit, ...service };
    return errorsOf(validateService(planService(whole), machines)).map(formatProblem);
}

test("a plain service is without problem", () => {
    assert.deepEqual(
        validateService(planService({ name: "hello", instances: 3, unit }), machines),
        [],
    );
});

const count = "must be a whole number from 0 to 10000";
for (const [what, service, ...expected] of [
    ["below zero", { instances: -1 }, `instances: got -1; ${count}`],
    ["no whole number", { instances: 1.5 }, `instances: got 1.5; ${count}`],
    ["no number", { instances: Number.NaN }, `instances: got NaN; ${count}`],
    ["endless", { instances: Number.POSITIVE_INFINITY }, `instances: got Infinity; ${count}`],
    ["too many", { instances: 10_001 }, `instances: got 10001; ${count}`],
    [
        "the same twice",
        { instances: ["a", "b", "a", 1, "1"] },
        'instances[2]: got "a"; is there twice',
        'instances[4]: got "1"; is there twice',
    ],
    [
        "names that are none",
        { instances: ["", -1, 0.5] },
        'instances[0]: got ""; must be a name, or a number of 0 or more',
        "instances[1]: got -1; must be a name, or a number of 0 or more",
        "instances[2]: got 0.5; must be a name, or a number of 0 or more",
    ],
] as const) {
    test(`instances: ${what}`, () => {
        assert.deepEqual(told(service), expected);
    });
}

for (const [what, service, ...patterns] of [
    ["a name with a blank", { name: "a b" }, /^name: got "a b.service"; /],
    ["no ExecStart", { unit: { Unit: { Description: "x" } } }, /^unit\.Service.*ExecStart/],
    [
        "a directive with a newline",
        { unit: { Service: { ExecStart: "/bin/true\nUser=root" } } },
        /^unit\.Service\.ExecStart: got "\/bin\/true\\nUser=root"; .*newline|line/,
    ],
    [
        "a text that is no unit file",
        { unit: "[Service]\nExecStart /bin/true\n" },
        /^unit: line 2 of the unit is not an assignment: got "ExecStart \/bin\/true"; .*[^.]$/,
    ],
    [
        "both of a unit at once",
        { unit: { Service: { ExecStart: "/a\nb", User: "a\nb" } } },
        /^unit\.Service\.ExecStart: /,
        /^unit\.Service\.User: /,
    ],
    [
        "more conflicting instances than machines",
        {
            instances: 4,
            unit: { ...unit, "X-Fleet": { Conflicts: "hello@*.service" } },
        },
        /^unit\.X-Fleet\.Conflicts: got hello@1\.service, .*4 instances conflict .* only 3 machines/,
    ],
    [
        "a machine that there is not",
        { unit: { ...unit, "X-Fleet": { MachineMetadata: "role=web" } } },
        /^unit\.X-Fleet\.MachineMetadata: got role=web; no machine has this.*role=member/,
    ],
] as const) {
    test(`refused: ${what}`, () => {
        const problems = told(service);
        assert.equal(problems.length, patterns.length, problems.join("\n"));
        for (const [index, pattern] of patterns.entries()) {
            assert.match(problems[index] ?? "", pattern);
        }
    });
}

test("a section that a text misspells is told, and does not stop it", () => {
    const text = "[Unit]\nDescription=x\n[Servic]\nUser=a\n[Service]\nExecStart=/bin/true\n";
    const problems = validateService(planService({ name: "hello", unit: text }), machines);
    assert.deepEqual(errorsOf(problems), []);
    assert.match(warningsOf(problems).map(formatProblem).join(), /Servic/);
});

test("a unit that says everything itself gets the owner's section and nothing else", () => {
    const Service = { ExecStart: "/bin/true", Restart: "no", ExecStopPost: "/bin/own" } as const;
    const text =
        "[Service]\nExecStart=/bin/true\nRestart=no\nExecStopPost=/bin/own\n\n" +
        "[X-Pulumi]\nOwner=us\n";
    assert.equal(textOf({ unit: { Service } }), text);
    assert.equal(textOf({ unit: text.replace("Owner=us", "Owner=somebody") }), text);
});

test("a stop takes a moment, unless the unit sees to that itself or is no service", () => {
    const stopPost = (service: Partial<DeclaredService>) =>
        parseUnit(textOf(service)).Service?.ExecStopPost;
    assert.equal(stopPost({ unit }), "/bin/sleep 0.3");
    assert.equal(stopPost({ unit, stopDelay: 1 }), "/bin/sleep 1");
    assert.equal(stopPost({ unit, stopDelay: 0 }), undefined);
    const socket = { Socket: { ListenStream: "/run/x.sock" } };
    assert.equal(parseUnit(textOf({ name: "x.socket", unit: socket })).Service, undefined);
});

test("fleet gets the rendered text unchanged: its hash is that of what was parsed", () => {
    const value = fc.stringMatching(/^[!-[\]-~]([ -[\]-~]{0,12}[!-Z])?$/);
    fc.assert(
        fc.property(value, fc.array(value, { minLength: 1 }), (description, commands) => {
            const Service = { ExecStart: commands, Restart: "no", ExecStopPost: "/x" } as const;
            const document = { Unit: { Description: description }, Service };
            const whole = { ...document, "X-Pulumi": { Owner: "us" } };
            const text = textOf({ unit: document });
            assert.equal(hashOptions(toOptions(parseUnit(text))), hashOptions(toOptions(whole)));
        }),
    );
});
