import assert from "node:assert/strict";
import { test } from "node:test";
import {
    type DeclaredService,
    planService,
    unknownServiceKeys,
    validateService,
} from "../../../lib/plan/service/index.js";
import { planMachines } from "../../../lib/plan/shape.js";
import { errorsOf, formatProblem } from "../../../lib/problem.js";

const machines = planMachines({ name: "demo", members: { count: 3 } });
const unit = { Service: { ExecStart: "/bin/true" } };
const sidekick = { Service: { ExecStart: "/bin/true" } };

function told(service: Partial<DeclaredService>): string[] {
    const plan = planService({ name: "hello", unit, ...service });
    return errorsOf(validateService(plan, machines)).map(formatProblem);
}

/** Arguments that only plain JavaScript gets past the compiler. */
function untyped(json: string): Partial<DeclaredService> {
    return JSON.parse(json);
}

const oneLine =
    'got "/a\\nb"; a value is one line; use a list for several lines, or end each but the last with a backslash';

for (const [what, service, ...expected] of [
    [
        "in an instance's override",
        { instances: { a: {}, "8888": { unit: { Service: { User: "/a\nb" } } } } },
        `instances.8888.unit.Service.User: ${oneLine}`,
    ],
    [
        "in an instance's further unit",
        {
            units: { x: sidekick },
            instances: { a: { units: { x: { Service: { User: "/a\nb" } } } } },
        },
        `instances.a.units.x.Service.User: ${oneLine}`,
    ],
    [
        "in a further unit",
        { units: { "hello-announce": { Service: { ExecStart: "/x", User: "/a\nb" } } } },
        `units.hello-announce.Service.User: ${oneLine}`,
    ],
    [
        "in a drop-in, typed or not",
        {
            dropIns: {
                "10-a.conf": { Service: { User: "/a\nb" } },
                "20-b.conf": "[Service]\nRestart=sometimes\n",
            },
        },
        `dropIns.10-a.conf.Service.User: ${oneLine}`,
        'dropIns.20-b.conf.Service.Restart: got "sometimes"; one of no, always, on-success, on-failure, on-abnormal, on-abort, on-watchdog',
    ],
    [
        "in the second of two lines of one directive, one from the unit and one from a drop-in",
        {
            unit: { Service: { ...unit.Service, Environment: ["A=1"] } },
            dropIns: { "a.conf": { Service: { Environment: ["B=1", "/a\nb"] } } },
        },
        `dropIns.a.conf.Service.Environment[1]: ${oneLine}`,
    ],
    [
        "of the unit, once for all the instances that share it",
        {
            unit: { Service: { ExecStart: "/x", User: "/a\nb" } },
            instances: { a: { environment: { A: 1 } }, b: { environment: { A: 2 } } },
        },
        `unit.Service.User: ${oneLine}`,
    ],
    [
        "in texts that are no unit files, all at once",
        { units: { x: "a" + "[" + "\n[Service" }, dropIns: { "a.conf": "[X]\nnothing\n" } },
        'units.x: line 2 of the unit is not a section header: got "[Service"; a header is a name in brackets, such as [Service]',
        'dropIns.a.conf: line 2 of the unit is not an assignment: got "nothing"; a directive is written Name=value',
    ],
    [
        "in variables",
        { environment: { "1A": 1, B: "b\0" }, instances: { a: { environment: { "": true } } } },
        'environment.1A: "1A" is no name of an environment variable; it takes letters, digits and _, and no digit at the start',
        'environment.B: "B=b\\u0000" holds a NUL character, which systemd can\'t pass on',
        'instances.a.environment.: "" is no name of an environment variable; it takes letters, digits and _, and no digit at the start',
    ],
    [
        "in the name of a further unit",
        { units: { "a b": sidekick } },
        'units.a b: got "a b.service"; a unit\'s name takes ASCII letters, digits and :-_.\\@, not " "; escapeName() escapes the rest',
    ],
    [
        "in an instance's name",
        { instances: ["ok", "a b"] },
        'instances[1]: got "hello@a b.service"; a unit\'s name takes ASCII letters, digits and :-_.\\@, not " "; escapeName() escapes the rest',
    ],
    [
        "in a name that is there twice",
        { units: { hello: sidekick } },
        'units.hello: got "hello.service"; is the name of another unit of the service; choose another',
    ],
    [
        "in an override of a unit that there is none of",
        { units: { announce: sidekick }, instances: { a: { units: { anounce: sidekick } } } },
        'instances.a.units.anounce: got "anounce"; is none of the service\'s `units`; did you mean announce?',
    ],
    [
        "in the name of a drop-in",
        { dropIns: { memory: "" } },
        'dropIns.memory: got "memory"; must be a file name that ends in .conf, such as 10-memory.conf',
    ],
    [
        "beside a global unit",
        { unit: { ...unit, "X-Fleet": { Global: true } }, units: { x: sidekick } },
        "units.x.X-Fleet.Global: must be true, as it is in hello.service: a unit can't run beside one that is on every machine",
    ],
    [
        "in a timer that is the main unit of what it starts",
        {
            name: "tick.timer",
            unit: { Timer: { OnBootSec: 1 } },
            units: { tick: sidekick },
        },
        'units.tick: got "tick.service"; is what tick.timer starts, and must be there before it: make this one the main unit, and tick.timer one of its `units`',
    ],
    [
        "in variables of what is no service",
        { name: "x.timer", unit: { Timer: { OnBootSec: 1 } }, environment: { A: 1 } },
        "environment: needs a main unit that is a service; x.timer is none",
    ],
    [
        "in options",
        untyped(
            '{"rollout":{"parallel":0,"onFailure":"never","settle":-1},"stopDelay":"1","state":"started"}',
        ),
        'state: got "started"; must be one of launched, loaded, inactive',
        "rollout.parallel: got 0; must be a whole number of 1 or more",
        'rollout.onFailure: got "never"; must be one of stop, revert',
        "rollout.settle: got -1; must be a number of seconds, 0 or more",
        'stopDelay: got "1"; must be a number of seconds, 0 or more',
    ],
    ["in an empty check", { check: {} }, "check: must say what is checked: http, tcp or command"],
    [
        "in a check",
        {
            check: {
                http: { port: 0, path: "status" },
                tcp: { port: "x" },
                command: " ",
                timeout: 0,
                every: -1,
                failures: 0.5,
            },
        },
        'check.http.port: got 0; must be a TCP port, 1 to 65535, or a text such as "80%i"',
        'check.http.path: got "status"; must be the path of a URL: a slash, then characters without blanks',
        'check.tcp.port: got "x"; must be a TCP port, 1 to 65535, or a text such as "80%i"',
        'check.command: got " "; must be a command for /bin/sh',
        "check.timeout: got 0; must be a number of seconds above 0",
        "check.every: got -1; must be a number of seconds above 0",
        "check.failures: got 0.5; must be a whole number of 1 or more",
    ],
    [
        "in a port that one instance makes wrong",
        { instances: [8888, "web"], check: { http: { port: "%i" } } },
        'check.http.port: got "%i"; must be a TCP port, 1 to 65535, or a text such as "80%i"; for hello@web.service it is web',
    ],
    [
        "in a periodic check of what would not come back",
        {
            unit: { Service: { ExecStart: "/x", Restart: "no" } },
            check: { tcp: { port: 1 }, every: 1 },
        },
        "check.every: got Restart=no; what is killed must come back: leave Restart out, or take always, on-failure or on-abnormal",
    ],
    [
        "in a periodic check of work that ends",
        {
            unit: { Service: { ExecStart: "/x", Type: "oneshot" } },
            check: { tcp: { port: 1 }, every: 1 },
        },
        "check.every: needs a service that runs all the time; hello.service is none",
    ],
    [
        "in a periodic check that is too long for a line of fleet's",
        { check: { command: `/bin/test ${"x".repeat(2000)}`, every: 1 } },
        /^check: got .*2048 bytes/,
    ],
    [
        "in the names of secrets",
        { secrets: ["../x"] },
        /^secrets\["\.\.\/x"\]: is no name of a secret/,
    ],
] as const) {
    test(`told: ${what}`, () => {
        const problems = told(service as Partial<DeclaredService>);
        assert.equal(problems.length, expected.length, problems.join("\n"));
        for (const [index, one] of expected.entries()) {
            if (typeof one === "string") {
                assert.equal(problems[index], one);
            } else {
                assert.match(problems[index] ?? "", one);
            }
        }
    });
}

test("options that there are none of are told, with the one that was meant", () => {
    const args = JSON.parse(
        '{"enviroment":{},"check":{"htpp":{},"tcp":{"prot":1}},"rollout":{"atOnce":2},"instances":{"a":{"env":{}}}}',
    );
    assert.deepEqual(unknownServiceKeys(args).map(formatProblem), [
        'enviroment: got "enviroment"; unknown option; did you mean environment?',
        'check.htpp: got "htpp"; unknown option; did you mean http?',
        'check.tcp.prot: got "prot"; unknown option; known are port',
        'rollout.atOnce: got "atOnce"; unknown option; known are parallel, onFailure, settle',
        'instances.a.env: got "env"; unknown option; known are unit, environment, units',
    ]);
    assert.deepEqual(unknownServiceKeys({ check: { http: { port: 1 } }, instances: ["a"] }), []);
});
