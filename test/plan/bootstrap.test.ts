import assert from "node:assert/strict";
import { test } from "node:test";
import { renderCloudConfig, validateUserData } from "../../lib/cloud-config/index.js";
import { MEMBER_LIST } from "../../lib/etcd/index.js";
import {
    type BootstrapKind,
    CLUSTER_PATH,
    CLUSTER_TARGET,
    type ClusterShape,
    planBootstrap,
    planDocuments,
} from "../../lib/plan/index.js";
import { parseUnit } from "../../lib/systemd/index.js";

const shape: ClusterShape = {
    name: "demo",
    members: { count: 1 },
    workers: { web: { count: 1 } },
};
const addresses = { "demo-1": "10.0.0.1", "demo-web-1": "10.0.0.2" };

test("static where addresses are promised, delivered where they are not, and delivered where that is asked for", () => {
    const kind = (asked: BootstrapKind | undefined, promised?: typeof addresses) => {
        const found = planBootstrap(shape, asked, { name: "cloud", addresses: promised });
        assert.deepEqual(found.problems, []);
        return found.bootstrap;
    };
    const initialCluster = "demo-1=http://10.0.0.1:2380";
    assert.deepEqual(kind(undefined, addresses), { kind: "static", initialCluster });
    assert.deepEqual(kind("static", addresses), { kind: "static", initialCluster });
    assert.deepEqual(kind(undefined), { kind: "delivered" });
    assert.deepEqual(kind("delivered", addresses), { kind: "delivered" });
});

test("what can't be is a problem", () => {
    const problems = (asked: unknown) =>
        planBootstrap(shape, asked as BootstrapKind, { name: "cloud", addresses: undefined })
            .problems;
    assert.deepEqual(problems("static"), [
        {
            path: "bootstrap",
            given: '"static"',
            allowed: "platform cloud promises no addresses beforehand; leave `bootstrap` out",
        },
    ]);
    assert.deepEqual(problems("statik"), [
        {
            path: "bootstrap",
            given: '"statik"',
            allowed: "must be one of static, delivered, or { discovery: … }",
        },
    ]);
});

test("by discovery the members have a token, and the workers the list of members all the same", () => {
    const asked = { discovery: "http://10.0.0.9:2379/v2/keys/discovery/abc", size: 1 };
    const plan = (promised?: typeof addresses) =>
        planBootstrap(shape, asked, { name: "cloud", addresses: promised });
    const bootstrap = { kind: "discovery", url: asked.discovery } as const;
    const initialCluster = "demo-1=http://10.0.0.1:2380";
    const list = { kind: "static", initialCluster };
    assert.deepEqual(plan(addresses), { bootstrap, workers: list, problems: [] });
    assert.deepEqual(plan(), { bootstrap, workers: { kind: "delivered" }, problems: [] });

    const texts = (promised?: typeof addresses) => {
        const { workers } = plan(promised);
        const documents = Object.values(planDocuments(shape, bootstrap, workers));
        return documents.map(renderCloudConfig);
    };
    for (const [members = "", web = ""] of [texts(addresses), texts()]) {
        assert.match(members, / discovery=http:\/\/10\.0\.0\.9:2379\/v2\/keys\/discovery\/abc\n/);
        assert.doesNotMatch(members, /--initial-cluster/);
        assert.match(members, /name: coreos-cluster\.target\n +command: start/);
        assert.doesNotMatch(web, /discovery/);
        for (const text of [members, web]) {
            assert.deepEqual(validateUserData(text, { publicIpv4: false, privateIpv4: true }), []);
        }
    }
    assert.match(texts(addresses)[0] ?? "", /:2380 members=demo-1=http:/);
    assert.doesNotMatch(texts()[0] ?? "", /:2380 members=/);
    assert.match(texts(addresses)[1] ?? "", /--initial-cluster=demo-1=http/);
    assert.match(texts()[1] ?? "", /EnvironmentFile=.*members\.env/);
});

test("a token for another number of members than the cluster has is a problem", () => {
    const problems = (size: number | undefined, of: ClusterShape = shape) => {
        const asked = { discovery: "http://a/b", ...(size === undefined ? {} : { size }) };
        return planBootstrap(of, asked, { name: "cloud", addresses }).problems;
    };
    assert.deepEqual(problems(3), [
        {
            path: "bootstrap.discovery",
            given: "a token for 3 members",
            allowed:
                "the cluster has 1, and begins only with as many as its token is for; " +
                "a new cluster needs a DiscoveryToken with `size: 1`",
        },
    ]);
    assert.deepEqual(problems(1), []);
    assert.deepEqual(problems(undefined), [], "not known");
    assert.deepEqual(problems(3, { ...shape, etcd: false }), [], "no etcd, no bootstrap");
    assert.deepEqual(problems(2, { name: "x", members: { names: ["a", "b"] } }), []);
});

test("where the list is delivered, nothing but a path unit is started, which waits for it", () => {
    const documents = planDocuments(shape, { kind: "delivered" });
    for (const [group, document] of Object.entries(documents)) {
        const units = document.coreos?.units ?? [];
        const started = units.filter(({ command }) => command !== undefined);
        assert.deepEqual(
            started.map(({ name, command }) => [name, command]),
            [[CLUSTER_PATH, "start"]],
            group,
        );
        const path = parseUnit(started[0]?.content ?? "");
        assert.deepEqual(path["Path"], { PathExists: MEMBER_LIST, Unit: CLUSTER_TARGET });
        const text = renderCloudConfig(document);
        assert.doesNotMatch(text, /10\.0\.0\.|initial-cluster=/);
        assert.deepEqual(validateUserData(text, { publicIpv4: false, privateIpv4: true }), []);
    }
});
