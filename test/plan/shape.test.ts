import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { groupsOf, hasEtcd, hasFleet, machineNames, planMachines } from "../../lib/plan/shape.js";

test("members come first, then the groups as they stand, each machine with its group's facts", () => {
    const machines = planMachines({
        name: "demo",
        workers: {
            web: { count: 2, metadata: { role: "web" }, expose: [80, 443] },
            db: { names: ["left", "right"] },
        },
        members: { count: 1, metadata: { role: "member" } },
    });
    const runs = { etcd: true, fleet: true, rollout: "reboot" };
    const web = {
        role: "worker",
        group: "web",
        metadata: { role: "web" },
        expose: [80, 443],
        ...runs,
    };
    const db = { role: "worker", group: "db", metadata: {}, expose: [], ...runs };
    assert.deepEqual(machines, [
        {
            name: "demo-1",
            role: "member",
            group: "members",
            metadata: { role: "member" },
            expose: [],
            ...runs,
        },
        { name: "demo-web-1", ...web },
        { name: "demo-web-2", ...web },
        { name: "left", ...db },
        { name: "right", ...db },
    ]);
});

test("a group that grows keeps the names of the machines it had", () => {
    const sizes = fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 30 }));
    fc.assert(
        fc.property(sizes, fc.constantFrom("members", "web"), ([left, right], group) => {
            const [few, many] = [Math.min(left, right), Math.max(left, right)];
            const names = machineNames("demo", group, { count: many });
            assert.deepEqual(names.slice(0, few), machineNames("demo", group, { count: few }));
            assert.equal(new Set(names).size, many);
        }),
    );
});

test("a count that is no number of machines plans none, so that its problem can be told", () => {
    for (const count of [-1, 0, 2.5, Number.NaN, Number.POSITIVE_INFINITY, 1e9]) {
        assert.deepEqual(machineNames("demo", "members", { count }), [], String(count));
    }
    assert.deepEqual(groupsOf({ name: "demo" }), []);
});

for (const [etcd, fleet, runsEtcd, runsFleet] of [
    [undefined, undefined, true, true],
    [true, false, true, false],
    [false, undefined, false, false],
    [false, true, false, false],
] as const) {
    test(`etcd: ${etcd}, fleet: ${fleet} runs etcd: ${runsEtcd}, fleet: ${runsFleet}`, () => {
        const shape = {
            name: "demo",
            members: { count: 1 },
            ...(etcd === undefined ? {} : { etcd }),
            ...(fleet === undefined ? {} : { fleet }),
        };
        assert.equal(hasEtcd(shape), runsEtcd);
        assert.equal(hasFleet(shape), runsFleet);
    });
}

test("without members there is no etcd, unless it is asked for", () => {
    const workers = { web: { count: 1 } };
    assert.equal(hasEtcd({ name: "d", workers }), false);
    assert.equal(hasEtcd({ name: "d", workers, fleet: false }), false);
    assert.equal(hasEtcd({ name: "d", workers, fleet: true }), true);
    assert.equal(hasEtcd({ name: "d", workers, etcd: true }), true);
});

test("a group can do without fleet, and without etcd, which takes fleet with it", () => {
    const runs = planMachines({
        name: "d",
        members: { count: 1, fleet: false },
        workers: {
            web: { count: 1 },
            db: { count: 1, fleet: false, rollout: "in-place" },
            bare: { count: 1, etcd: false, rollout: "replace" },
        },
    }).map(({ name, etcd, fleet, rollout }) => [name, etcd, fleet, rollout]);
    assert.deepEqual(runs, [
        ["d-1", true, false, "reboot"],
        ["d-web-1", true, true, "reboot"],
        ["d-db-1", true, false, "in-place"],
        ["d-bare-1", false, false, "replace"],
    ]);
    assert.equal(hasFleet({ name: "d", members: { count: 1, fleet: false } }), false);
    assert.equal(
        hasFleet({ name: "d", members: { count: 1, fleet: false }, workers: { web: {} } }),
        true,
    );
});
