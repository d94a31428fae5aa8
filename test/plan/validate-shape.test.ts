import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type ClusterShape, planMachines, validateShape } from "../../lib/plan/index.js";
import { errorsOf, formatProblem, warningsOf } from "../../lib/problem.js";

const label = "must be a host name: 1 to 63 of a–z, 0–9 and -, not at either end";
const one = { count: 1 };

const errors: readonly [ClusterShape, ...string[]][] = [
    [{ name: "Demo", members: one }, `name: got "Demo"; ${label}`],
    [{ name: "", members: one }, `name: got ""; ${label}`],
    [
        { name: "demo" },
        "workers: got no machine; must be at least one machine; with `members` they run etcd and fleet",
    ],
    [
        { name: "demo", etcd: true, workers: { web: one } },
        "members: got none; must be at least 1 while etcd is on; set `etcd: false` for machines without etcd and fleet",
    ],
    [
        { name: "demo", fleet: { agentTtl: 60 }, workers: { web: one } },
        "members: got none; must be at least 1 while etcd is on; set `etcd: false` for machines without etcd and fleet",
    ],
    [
        { name: "demo", members: { count: 1, etcd: false, rollout: "replace" } },
        "members.etcd: got false; members are what runs etcd; machines without it belong to `workers`",
        'members.rollout: got "replace"; a lone member can\'t be made anew: its data would be gone, and with it what etcd knows; take three members, or a new cluster for a new text',
    ],
    [
        { name: "demo", members: { names: ["a", "b"], rollout: "replace" } },
        'members.rollout: got "replace"; two members can\'t be made anew one by one: etcd needs both for each write; take three',
    ],
    [
        { name: "demo", workers: { web: { count: 1, etcd: true, fleet: true } } },
        "workers.web.etcd: got true; needs members that run etcd, which is off",
        "workers.web.fleet: got true; fleet needs etcd; leave it out, or leave the other on",
    ],
    [
        {
            name: "demo",
            members: one,
            fleet: false,
            workers: { web: { count: 1, fleet: true }, db: { count: 1, etcd: false } },
        },
        "workers.web.fleet: got true; fleet is off for the whole cluster; leave it out, or leave the other on",
    ],
    [
        { name: "demo", members: one, workers: { db: { count: 1, etcd: false, fleet: true } } },
        "workers.db.fleet: got true; fleet needs etcd; leave it out, or leave the other on",
    ],
    [
        { name: "demo", members: { count: 0 }, workers: { web: one } },
        "members.count: got 0; must be at least 1 while etcd is on; set `etcd: false` for machines without etcd and fleet",
    ],
    [
        { name: "demo", members: { names: [] } },
        "members.names: got no name; must be at least 1 while etcd is on; set `etcd: false` for machines without etcd and fleet",
    ],
    [
        { name: "demo", fleet: true, etcd: false, workers: { web: one } },
        "fleet: got true; needs etcd; leave `etcd` on or set `fleet: false`",
    ],
    [
        { name: "demo", fleet: { agentTtl: 30 }, etcd: false, workers: { web: one } },
        'fleet: got {"agentTtl":30}; needs etcd; leave `etcd` on or set `fleet: false`',
    ],
    ...[5, 6.5, 3601, Number.NaN].map((agentTtl): [ClusterShape, string] => [
        { name: "demo", members: one, fleet: { agentTtl } },
        `fleet.agentTtl: got ${agentTtl}; must be whole seconds, 6 to 3600: with less, an election in etcd would look like the death of machines`,
    ]),
    [
        { name: "demo", members: one, fleet: { agentTtl: 0, engineReconcileInterval: 0 } },
        "fleet.agentTtl: got 0; must be whole seconds, 6 to 3600: with less, an election in etcd would look like the death of machines",
        "fleet.engineReconcileInterval: got 0; must be seconds, 1 to 300: with less, an election in etcd would end the engine's lease",
    ],
    [
        { name: "demo", members: one, fleet: { engineReconcileInterval: 301 } },
        "fleet.engineReconcileInterval: got 301; must be seconds, 1 to 300: with less, an election in etcd would end the engine's lease",
    ],
    [{ name: "demo", etcd: false }, "workers: got no machine; must be at least one machine"],
    [
        { name: "demo", members: { count: -1 } },
        "members.count: got -1; must be a whole number from 0 to 1000",
    ],
    [
        { name: "demo", members: { count: 2.5 } },
        "members.count: got 2.5; must be a whole number from 0 to 1000",
    ],
    [
        { name: "demo", members: { count: Number.NaN } },
        "members.count: got NaN; must be a whole number from 0 to 1000",
    ],
    [
        { name: "demo", members: one, workers: { web: { count: Number.POSITIVE_INFINITY } } },
        "workers.web.count: got Infinity; must be a whole number from 0 to 1000",
    ],
    [
        { name: "demo", members: one, workers: { web: { count: 1001 } } },
        "workers.web.count: got 1001; must be a whole number from 0 to 1000",
    ],
    [
        { name: "demo", members: { count: 1, names: ["a"] } },
        "members: takes a `count` or `names`, not both",
    ],
    [
        { name: "demo", members: one, workers: { web: {} } },
        "workers.web: needs a `count` or `names`",
    ],
    [
        { name: "demo", members: one, workers: { Web: { names: ["web"] } } },
        `workers.Web: got "Web"; the group's name ${label}`,
    ],
    [
        { name: "demo", members: one, workers: { members: one } },
        'workers.members: got "members"; is the name of the group of etcd members; choose another',
    ],
    [
        { name: "demo", members: { names: ["ok", "not_ok", "-x", "a.b", "é"] } },
        `members.names[1]: got "not_ok"; ${label}`,
        `members.names[2]: got "-x"; ${label}`,
        `members.names[3]: got "a.b"; ${label}`,
        `members.names[4]: got "é"; ${label}`,
    ],
    [
        { name: "demo", members: { names: ["a", "b", "a"] } },
        'members.names[2]: got "a"; is the name of another machine (members.names[0]); names must differ',
    ],
    [
        { name: "demo", members: one, workers: { web: { names: ["demo-1"] } } },
        'workers.web.names[0]: got "demo-1"; is the name of another machine (members); names must differ',
    ],
    [
        { name: "d".repeat(60), members: one, workers: { web: one } },
        `workers.web: got "${"d".repeat(60)}-web-1"; ${label}`,
    ],
    [
        { name: "demo", members: { count: 1, expose: [0, 80, 65536, 1.5] } },
        "members.expose[0]: got 0; must be a TCP port, 1 to 65535",
        "members.expose[2]: got 65536; must be a TCP port, 1 to 65535",
        "members.expose[3]: got 1.5; must be a TCP port, 1 to 65535",
    ],
    [
        { name: "demo", members: { count: 1, metadata: { "a=b": "x", ok: "1,2", no: "" } } },
        'members.metadata: got "a=b"; a metadata key must not contain "="',
        'members.metadata.ok: got "1,2"; a metadata value must not contain ","',
        'members.metadata.no: got ""; a metadata value must not be empty',
    ],
    [
        {
            name: "demo",
            etcd: false,
            workers: { web: one },
            update: { rebootStrategy: "etcd-lock" },
        },
        'update.rebootStrategy: got "etcd-lock"; needs etcd, which is off',
    ],
];

for (const [shape, ...expected] of errors) {
    test(`refused: ${expected.join(" | ")}`, () => {
        assert.deepEqual(errorsOf(validateShape(shape)).map(formatProblem), expected);
    });
}

test("a rollout that there is not is refused", () => {
    const shape = { name: "d", workers: { web: { count: 1, rollout: "canary" } } } as unknown;
    assert.deepEqual(validateShape(shape as ClusterShape).map(formatProblem), [
        'workers.web.rollout: got "canary"; must be one of reboot, in-place, replace',
    ]);
});

test("settings of fleet that there are not are refused", () => {
    for (const [fleet, ...expected] of [
        ["yes", 'fleet: got "yes"; must be true, false, or settings such as `{ agentTtl: 30 }`'],
        [null, "fleet: got null; must be true, false, or settings such as `{ agentTtl: 30 }`"],
        [
            { agent_ttl: "30s", agentTtl: "30s" },
            "fleet.agent_ttl: is no setting of fleet here; there are agentTtl and engineReconcileInterval",
            'fleet.agentTtl: got "30s"; must be whole seconds, 6 to 3600: with less, an election in etcd would look like the death of machines',
        ],
    ] as const) {
        const shape = { name: "d", members: one, fleet } as unknown;
        assert.deepEqual(validateShape(shape as ClusterShape).map(formatProblem), expected);
    }
});

test("a reboot strategy that there is not is refused", () => {
    const given: unknown = JSON.parse(
        '{"name":"d","members":{"count":1},"update":{"rebootStrategy":"Off"}}',
    );
    const problems = validateShape(given as ClusterShape);
    assert.deepEqual(problems.map(formatProblem), [
        'update.rebootStrategy: got "Off"; must be one of etcd-lock, reboot, off',
    ]);
});

for (const [count, why] of [
    [2, "an odd number is better: 2 members survive the loss of 0, as 1 does"],
    [4, "an odd number is better: 4 members survive the loss of 1, as 3 do"],
    [10, "an odd number is better: 10 members survive the loss of 4, as 9 do"],
] as const) {
    test(`${count} members are a warning that says why`, () => {
        const problems = validateShape({ name: "demo", members: { count } });
        assert.deepEqual(errorsOf(problems), []);
        const texts = warningsOf(problems).map(formatProblem);
        assert.ok(texts[0]?.includes(why), texts.join("\n"));
    });
}

test("an even number of names is warned of at the names", () => {
    const problems = validateShape({ name: "demo", members: { names: ["a", "b"] } });
    assert.deepEqual(
        problems.map(({ path, severity }) => [path, severity]),
        [["members.names", "warning"]],
    );
});

test("every problem of a topology is told at once", () => {
    const problems = validateShape({
        name: "Demo",
        members: { count: 0, expose: [0], metadata: { a: "=" } },
        workers: { "": { names: ["x", "x"] } },
        fleet: true,
    });
    const paths = problems.map(({ path }) => path);
    assert.deepEqual(paths, [
        "name",
        "members.count",
        "members.expose[0]",
        "members.metadata.a",
        "workers.",
        "workers..names[1]",
    ]);
});

test("a topology without problem has machines with distinct host names", () => {
    const name = fc.stringMatching(/^[a-zA-Z0-9-]{0,8}$/);
    const group = fc.oneof(
        fc.record({ count: fc.integer({ min: -1, max: 4 }) }),
        fc.record({ names: fc.array(name, { maxLength: 4 }) }),
    );
    const shapes = fc.record({
        name: fc.oneof(name, fc.constant("demo")),
        members: group,
        workers: fc.dictionary(name, group, { maxKeys: 3 }),
    });
    let accepted = 0;
    fc.assert(
        fc.property(shapes, (shape) => {
            if (errorsOf(validateShape(shape)).length > 0) {
                return;
            }
            accepted += 1;
            const names = planMachines(shape).map((machine) => machine.name);
            assert.equal(new Set(names).size, names.length);
            assert.ok(names.every((one) => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(one)));
        }),
        { numRuns: 2000, seed: 3 },
    );
    assert.ok(accepted > 50, `only ${accepted} topologies were accepted`);
});
