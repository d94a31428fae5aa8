import assert from "node:assert/strict";
import { test } from "node:test";
import {
    clientUrl,
    initialCluster,
    MEMBER_LIST,
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

for (const [what, bootstrap, expected, absent] of [
    [
        "a static list",
        staticBootstrap,
        [
            "--initial-cluster=a=http://10.0.0.1:2380",
            "--initial-cluster-state=new",
            "--initial-cluster-token=demo",
        ],
        /discovery/,
    ],
    [
        "discovery",
        discovery,
        ["--discovery=https://discovery.example/abc", "--discovery-fallback=exit"],
        /initial-cluster/,
    ],
    // etcd refuses a variable beside its flag, and both are in the file.
    [
        "a list that is delivered",
        { kind: "delivered" },
        ["--initial-cluster-token=demo"],
        /discovery|initial-cluster(-state)?=/,
    ],
] as const) {
    test(`a member finds the others by ${what}`, () => {
        const given = flags(memberUnit({ scheme: "http", token, bootstrap }));
        assert.deepEqual(given.slice(-expected.length), expected);
        assert.doesNotMatch(given.join(" "), absent);
        assert.ok(given.includes("--enable-v2"), "fleet and locksmith speak the v2 API");
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

test("a list that is delivered is a file of variables that etcd reads, on members and workers alike", () => {
    const settings = { scheme: "http", token, bootstrap: { kind: "delivered" } } as const;
    for (const unit of [memberUnit(settings), proxyUnit(settings)]) {
        assert.equal(unit.Service?.EnvironmentFile, MEMBER_LIST);
        assert.deepEqual(validateUnit("etcd.service", unit), []);
    }
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
