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
        { path: "bootstrap", given: '"statik"', allowed: "must be one of static, delivered" },
    ]);
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
