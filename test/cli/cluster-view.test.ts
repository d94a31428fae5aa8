import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClusterStatus } from "../../lib/cli/cluster-status.js";
import { hasCluster, parseOutputs } from "../../lib/cli/outputs.js";
import { parseStackState } from "../../lib/cli/stack-state.js";
import { describeStart } from "../../lib/cli/summary.js";
import { isInstanceOf } from "../../lib/cli/unit-list.js";

const machine = {
    name: "m1",
    role: "member",
    privateIp: "10.80.0.11",
    metadata: { role: "web" },
    machineId: "0123456789abcdef0123456789abcdef",
};

describe("stack outputs", () => {
    it("are taken as they are exported", () => {
        const outputs = parseOutputs({
            machines: [machine],
            services: [{ name: "hello", instances: 3 }],
            etcdEndpoints: ["http://10.80.0.11:2379"],
            urls: ["http://10.80.0.11:8080"],
            connection: { user: "core", hosts: [{ name: "m1", address: "10.80.0.11" }] },
            other: 1,
        });
        assert.deepEqual(outputs.machines, [machine]);
        assert.deepEqual(outputs.services, [{ name: "hello", instances: 3 }]);
        assert.deepEqual(outputs.urls, ["http://10.80.0.11:8080"]);
        assert.equal(hasCluster(outputs), true);
    });

    const without: [string, unknown][] = [
        ["nothing at all", undefined],
        ["none", {}],
        [
            "others of the same names",
            { machines: "three", urls: [1], connection: { user: "core" } },
        ],
        ["no machine that can be reached", { connection: { user: "core", hosts: [] } }],
    ];
    for (const [title, printed] of without) {
        it(`are no cluster: ${title}`, () => {
            const outputs = parseOutputs(printed);
            assert.deepEqual([outputs.machines, outputs.urls], [[], []]);
            assert.equal(hasCluster(outputs), false);
        });
    }
});

it("a service's units are its own only", () => {
    const units = ["hello@1.service", "hello.service", "hello-web@1.service", "hell@o.service"];
    assert.deepEqual(
        units.filter((unit) => isInstanceOf(unit, "hello")),
        ["hello@1.service", "hello.service"],
    );
});

it("a state tells what is there and what was cut off", () => {
    const resource = (type: string) => ({ urn: `urn:${type}`, type });
    const latest = {
        resources: [resource("pulumi:pulumi:Stack")],
        pending_operations: [{ type: "creating", resource: resource("a:b:C") }],
    };
    assert.deepEqual(parseStackState({ version: 3, checkpoint: { latest } }), {
        types: ["pulumi:pulumi:Stack"],
        pending: ["a:b:C"],
    });
    assert.deepEqual(parseStackState({ checkpoint: { latest: null } }), { types: [], pending: [] });
});

it("the summary shows machines, units, URLs, what is short, and what to type", () => {
    const status: ClusterStatus = {
        machines: [
            { ...machine, etcd: "healthy", fleet: "seen" },
            { ...machine, name: "m10", etcd: "no answer", fleet: "missing", error: "no route" },
        ],
        services: [{ name: "hello", declared: 2, active: 1 }],
        units: [
            {
                name: "hello@1.service",
                machine: "m1",
                desired: "launched",
                state: "active/running",
            },
            { name: "hello@2.service", desired: "launched", state: "inactive/unknown" },
            {
                name: "hello@3.service",
                machine: "m1",
                desired: "launched",
                state: "activating/auto-restart",
                error: "exit status 3: no config",
            },
        ],
        urls: ["http://10.80.0.11:8080"],
        problems: ["fleet was slow"],
    };
    assert.deepEqual(describeStart(status, "local-2"), [
        "",
        "fleet was slow",
        "",
        "MACHINE  ADDRESS     ROLE    ETCD       FLEET ID",
        "m1       10.80.0.11  member  healthy    0123456789abcdef0123456789abcdef",
        "m10      10.80.0.11  member  no answer  not in fleet's list",
        "",
        "NOT WELL               LAST ERROR",
        "m10                    no route",
        "hello@3.service on m1  exit status 3: no config",
        "",
        "UNIT             MACHINE  STATE                    WANTED",
        "hello@1.service  m1       active/running           launched",
        "hello@2.service  nowhere  inactive/unknown         launched",
        "hello@3.service  m1       activating/auto-restart  launched",
        "hello: 1 of 2 declared instances are active",
        "",
        "curl http://10.80.0.11:8080",
        "",
        "NEXT",
        "npm run ssh -- --stack local-2 m1   a shell on a machine",
        "npm run status -- --stack local-2   what runs where, now",
        "npm run destroy -- --stack local-2  takes everything down",
    ]);
});
