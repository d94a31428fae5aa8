import assert from "node:assert/strict";
import { test } from "node:test";
import {
    clientUrl,
    ETCD_BEGINS,
    initialCluster,
    MEMBER_LIST,
    MEMBERSHIP_GUARD,
    memberUnit,
    peerUrl,
    proxyUnit,
    renderMemberList,
} from "../../lib/etcd/index.js";
import { validateUnit } from "../../lib/systemd/index.js";

const token = "demo";
const staticBootstrap = { kind: "static", initialCluster: "a=http://10.0.0.1:2380" } as const;
const discovery = { kind: "discovery", url: "https://discovery.example/abc" } as const;

function flags(unit: ReturnType<typeof memberUnit>): string[] {
    const start = unit.Service?.ExecStart;
    assert.ok(typeof start === "string");
    const [program, ...rest] = start.split(" \\\n    ");
    assert.equal(program, "/opt/bin/etcd");
    return rest;
}

test("URLs carry the scheme, and the list of members names each with its peer URL", () => {
    assert.equal(clientUrl("http", "10.0.0.1"), "http://10.0.0.1:2379");
    assert.equal(peerUrl("http", "10.0.0.1"), "http://10.0.0.1:2380");
    const peers = [
        { name: "a", address: "10.0.0.1" },
        { name: "b", address: "10.0.0.2" },
    ];
    const list = "a=http://10.0.0.1:2380,b=http://10.0.0.2:2380";
    assert.equal(initialCluster("http", peers), list);
});

for (const [what, settings, expected] of [
    [
        "a static list",
        { bootstrap: staticBootstrap },
        "%H http://$private_ipv4:2380 members=a=http://10.0.0.1:2380",
    ],
    [
        "discovery",
        { bootstrap: discovery },
        "%H http://$private_ipv4:2380 discovery=https://discovery.example/abc",
    ],
    [
        "discovery, and a list for one that comes back without data",
        { bootstrap: discovery, listed: "a=http://10.0.0.1:2380" },
        "%H http://$private_ipv4:2380 members=a=http://10.0.0.1:2380 discovery=https://discovery.example/abc",
    ],
    [
        "a list that is delivered",
        { bootstrap: { kind: "delivered" } },
        "%H http://$private_ipv4:2380",
    ],
] as const) {
    test(`a member begins as the guard says, which knows of ${what}`, () => {
        const unit = memberUnit({ scheme: "http", token, ...settings });
        const given = flags(unit);
        // etcd refuses a variable beside its flag.
        assert.doesNotMatch(given.join(" "), /discovery|initial-cluster(-state)?=/);
        assert.ok(given.includes("--enable-v2"), "fleet and locksmith speak the v2 API");
        assert.equal(unit.Service?.ExecStartPre, `${MEMBERSHIP_GUARD} ${expected}`);
        assert.equal(unit.Service?.EnvironmentFile, `-${ETCD_BEGINS}`);
        assert.deepEqual(validateUnit("etcd.service", unit), []);
    });
}

test("member and proxy listen on loopback and the private address, for clients alike", () => {
    const settings = { scheme: "http", token, bootstrap: staticBootstrap } as const;
    for (const unit of [memberUnit(settings), proxyUnit(settings)]) {
        const given = flags(unit);
        const urls = "http://127.0.0.1:2379,http://$private_ipv4:2379";
        assert.ok(given.includes(`--listen-client-urls=${urls}`), given.join(" "));
        assert.deepEqual(validateUnit("etcd.service", unit), []);
    }
    assert.ok(flags(proxyUnit(settings)).includes("--proxy=on"));
    assert.doesNotMatch(flags(proxyUnit(settings)).join(" "), /peer-urls|cluster-state|enable-v2/);
});

test("a list that is delivered is a file of variables that a worker's etcd reads", () => {
    const settings = { scheme: "http", token, bootstrap: { kind: "delivered" } } as const;
    const unit = proxyUnit(settings);
    assert.equal(unit.Service?.EnvironmentFile, MEMBER_LIST);
    assert.deepEqual(validateUnit("etcd.service", unit), []);
    const lines = renderMemberList("http", [
        { name: "a", address: "10.0.0.1" },
        { name: "b", address: "10.0.0.2" },
    ]).split("\n");
    assert.deepEqual(lines.slice(1), [
        "ETCD_INITIAL_CLUSTER=a=http://10.0.0.1:2380,b=http://10.0.0.2:2380",
        "ETCD_INITIAL_CLUSTER_STATE=new",
        "",
    ]);
});
