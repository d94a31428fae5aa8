import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hashOptions, toOptions } from "../../lib/fleet/index.js";
import {
    type DeclaredService,
    planUnits,
    renderServiceUnit,
    validateService,
} from "../../lib/plan/service.js";
import { errorsOf, formatProblem, warningsOf } from "../../lib/problem.js";
import { parseUnit } from "../../lib/systemd/index.js";

for (const [name, instances, expected] of [
    ["hello", undefined, { units: ["hello.service"] }],
    ["hello.service", undefined, { units: ["hello.service"] }],
    ["tick.timer", undefined, { units: ["tick.timer"] }],
    ["a.b", undefined, { units: ["a.b.service"] }],
    ["hello", 0, { template: "hello@.service", units: [] }],
    ["hello", 2, { template: "hello@.service", units: ["hello@1.service", "hello@2.service"] }],
    ["hello.service", 1, { template: "hello@.service", units: ["hello@1.service"] }],
    [
        "hello",
        ["a", 7],
        { template: "hello@.service", units: ["hello@a.service", "hello@7.service"] },
    ],
    ["hello", [], { template: "hello@.service", units: [] }],
] as const) {
    test(`units of ${name} in ${JSON.stringify(instances)}`, () => {
        assert.deepEqual(planUnits(name, instances), expected);
    });
}

const machines = [1, 2, 3].map((number) => ({
    name: `demo-${number}`,
    role: "member" as const,
    group: "members",
    metadata: { role: "member" },
    expose: [],
    etcd: true,
    fleet: true,
    rollout: "reboot" as const,
}));
const unit = { Service: { ExecStart: "/bin/true" } };

function told(service: Partial<DeclaredService>): string[] {
    const whole = { name: "hello", instances: undefined, unit, machines, ...service };
    return errorsOf(validateService(whole)).map(formatProblem);
}

test("a plain service is without problem", () => {
    assert.deepEqual(validateService({ name: "hello", instances: 3, unit, machines }), []);
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
    const problems = validateService({ name: "hello", instances: undefined, unit: text, machines });
    assert.deepEqual(errorsOf(problems), []);
    assert.match(warningsOf(problems).map(formatProblem).join(), /Servic/);
});

test("the text has the owner's section, and the same text every time", () => {
    const text = renderServiceUnit(unit, "project/stack/demo/hello");
    assert.equal(
        text,
        "[Service]\nExecStart=/bin/true\n\n[X-Pulumi]\nOwner=project/stack/demo/hello\n",
    );
    assert.equal(
        renderServiceUnit("[Service]\nExecStart=/bin/true\n", "project/stack/demo/hello"),
        text,
    );
});

test("a stop takes a moment, unless the unit sees to that itself or is no service", () => {
    const delayed = parseUnit(renderServiceUnit(unit, "us", 0.3));
    assert.equal(delayed.Service?.ExecStopPost, "/bin/sleep 0.3");
    const own = { Service: { ExecStart: "/bin/true", ExecStopPost: "/bin/own" } };
    assert.equal(parseUnit(renderServiceUnit(own, "us", 0.3)).Service?.ExecStopPost, "/bin/own");
    const socket = { Socket: { ListenStream: "/run/x.sock" } };
    assert.equal(parseUnit(renderServiceUnit(socket, "us", 0.3)).Service, undefined);
});

test("an owner that a text brings along is not believed", () => {
    const taken = renderServiceUnit(`${renderServiceUnit(unit, "somebody")}`, "us");
    assert.deepEqual(parseUnit(taken)["X-Pulumi"], { Owner: "us" });
});

test("fleet gets the rendered text unchanged: its hash is that of what was parsed", () => {
    const value = fc.stringMatching(/^[!-[\]-~]([ -[\]-~]{0,12}[!-Z])?$/);
    fc.assert(
        fc.property(value, fc.array(value, { minLength: 1 }), (description, commands) => {
            const document = {
                Unit: { Description: description },
                Service: { ExecStart: commands },
            };
            const text = renderServiceUnit(document, "us");
            const whole = { ...document, "X-Pulumi": { Owner: "us" } };
            assert.equal(hashOptions(toOptions(parseUnit(text))), hashOptions(toOptions(whole)));
        }),
    );
});
