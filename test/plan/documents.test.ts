import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { renderCloudConfig, validateUserData } from "../../lib/cloud-config/index.js";
import { MEMBERSHIP_GUARD_SCRIPT } from "../../lib/etcd/index.js";
import {
    type ClusterShape,
    etcdEndpoints,
    planDocuments,
    planMachines,
    staticBootstrap,
    validateShape,
} from "../../lib/plan/index.js";
import { errorsOf } from "../../lib/problem.js";
import { inspect } from "../support/cloudinit.js";

const context = { publicIpv4: false, privateIpv4: true };

function addressesOf(shape: ClusterShape): Record<string, string> {
    return Object.fromEntries(
        planMachines(shape).map(({ name }, index) => [name, `10.80.0.${11 + index}`]),
    );
}

function textsOf(shape: ClusterShape): Record<string, string> {
    return Object.fromEntries(
        Object.entries(planDocuments(shape, staticBootstrap(shape, addressesOf(shape)))).map(
            ([group, document]) => [group, renderCloudConfig(document)],
        ),
    );
}

const golden: ClusterShape = {
    name: "demo",
    members: { count: 3 },
    workers: { web: { count: 2, metadata: { role: "web", zone: "a b" } } },
    update: { group: "beta", rebootStrategy: "reboot" },
};

const list =
    "demo-1=http://10.80.0.11:2380,demo-2=http://10.80.0.12:2380,demo-3=http://10.80.0.13:2380";

const guard = MEMBERSHIP_GUARD_SCRIPT.trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "" : `      ${line}`))
    .join("\n");

const members = `#cloud-config
write_files:
  - path: /opt/pulumi-coreos/etcd-membership
    permissions: "0755"
    owner: root
    content: |
${guard}
coreos:
  update:
    reboot_strategy: reboot
    group: beta
  units:
    - name: etcd.service
      content: |
        [Unit]
        Description=etcd member
        Documentation=https://etcd.io/docs/v3.5/op-guide/configuration/
        Wants=network-online.target
        After=network-online.target
        StartLimitIntervalSec=0

        [Service]
        Type=notify
        RuntimeDirectory=etcd
        ExecStartPre=/opt/pulumi-coreos/etcd-membership %H http://$private_ipv4:2380 members=${list}
        EnvironmentFile=-/run/etcd/begin.env
        ExecStart=/opt/bin/etcd \\
            --name=%H \\
            --data-dir=/var/lib/etcd \\
            --enable-v2 \\
            --listen-client-urls=http://127.0.0.1:2379,http://$private_ipv4:2379 \\
            --advertise-client-urls=http://$private_ipv4:2379 \\
            --listen-peer-urls=http://$private_ipv4:2380 \\
            --initial-advertise-peer-urls=http://$private_ipv4:2380 \\
            --initial-cluster-token=demo
        StateDirectory=etcd
        StateDirectoryMode=0700
        Restart=always
        RestartSec=1
        TimeoutStartSec=infinity
        TimeoutStopSec=20
        LimitNOFILE=40000
    - name: fleet.socket
      content: |
        [Unit]
        Description=fleet's API socket
        PartOf=fleet.service

        [Socket]
        ListenStream=/run/fleet.sock
        SocketMode=0660
        SocketUser=root
        SocketGroup=core
    - name: fleet.service
      content: |
        [Unit]
        Description=fleet daemon
        Documentation=https://github.com/coreos/fleet
        Requires=fleet.socket
        Wants=etcd.service
        After=fleet.socket
        After=etcd.service
        StartLimitIntervalSec=0

        [Service]
        Environment="FLEET_PUBLIC_IP=$private_ipv4"
        Environment="FLEET_ETCD_SERVERS=http://127.0.0.1:2379"
        ExecStartPre=-/usr/bin/curl --silent --max-time 3 --output /dev/null --request DELETE http://127.0.0.1:2379/v2/keys/_coreos.com/fleet/machines/%m/object
        ExecStart=/opt/bin/fleetd
        Restart=always
        RestartSec=1
    - name: coreos-cluster.target
      command: start
      content: |
        [Unit]
        Description=Software of the cluster
        DefaultDependencies=false
        Wants=etcd.service fleet.socket fleet.service
`;

test("a member's cloud-config, word for word", () => {
    assert.equal(textsOf(golden)["members"], members);
});

test("a worker's cloud-config is a member's, but for the proxy and its metadata", () => {
    const proxy = members
        .replace("etcd member", "etcd proxy")
        .replace("--enable-v2", "--proxy=on \\\n            --proxy-refresh-interval=5000")
        .replace(/ +--listen-peer-urls.*\n.*--initial-advertise-peer-urls.*\n/, "")
        .replace(/ +RuntimeDirectory.*\n.*ExecStartPre.*\n.*EnvironmentFile.*\n/, "")
        .replace(/^write_files:\n(?: .*\n|\n)+/m, "")
        .replace("--initial-cluster-token=demo", `--initial-cluster=${list}`)
        .replace(
            /(Environment="FLEET_ETCD_SERVERS.*\n)/,
            '$1        Environment="FLEET_METADATA=role=web,zone=a b"\n',
        );
    assert.equal(textsOf(golden)["web"], proxy);
});

test("one text serves a hundred machines: it names none of them but the members", () => {
    const shape = {
        name: "demo",
        members: { count: 1 },
        workers: { web: { count: 100, metadata: { role: "web" } } },
    };
    const few = textsOf({ ...shape, workers: { web: { ...shape.workers.web, count: 1 } } });
    const many = textsOf(shape);
    assert.deepEqual(many, few);
    assert.ok(!many["web"]?.includes("demo-web"));
    assert.ok(many["web"]?.includes("$private_ipv4"));
    assert.deepEqual(Object.keys(many), ["members", "web"]);
});

for (const [what, shape, units] of [
    [
        "etcd alone",
        { name: "d", members: { count: 1 }, fleet: false },
        ["etcd.service", "coreos-cluster.target"],
    ],
    ["machines alone", { name: "d", workers: { members2: { count: 1 } }, etcd: false }, []],
] as const) {
    test(`${what} has the units ${units.join(", ") || "of nobody"}`, () => {
        const [document] = Object.values(
            planDocuments(shape, staticBootstrap(shape, addressesOf(shape))),
        );
        assert.deepEqual(document?.coreos?.units?.map(({ name }) => name) ?? [], units);
        const strategy = units.length === 0 ? "off" : "etcd-lock";
        assert.deepEqual(document?.coreos?.update, { group: "stable", reboot_strategy: strategy });
    });
}

test("a group that opts out of etcd or fleet has neither in its text, and reboots without a lock", () => {
    const shape: ClusterShape = {
        name: "d",
        members: { count: 1 },
        workers: { db: { count: 1, fleet: false }, bare: { count: 1, etcd: false } },
        update: { rebootStrategy: "etcd-lock" },
    };
    const documents = planDocuments(shape, staticBootstrap(shape, addressesOf(shape)));
    const unitsOf = (group: string) => documents[group]?.coreos?.units?.map(({ name }) => name);
    assert.deepEqual(unitsOf("db"), ["etcd.service", "coreos-cluster.target"]);
    assert.deepEqual(unitsOf("bare"), []);
    const strategies = Object.values(documents).map((one) => one.coreos?.update?.reboot_strategy);
    assert.deepEqual(strategies, ["etcd-lock", "etcd-lock", "off"]);
    assert.ok(unitsOf("members")?.includes("fleet.service"));
});

test("fleetd is told of failover times that are given, and of no others", () => {
    const told = (fleet: NonNullable<ClusterShape["fleet"]>) => {
        const shape = { name: "d", members: { count: 1 }, fleet };
        return (textsOf(shape)["members"] ?? "")
            .split("\n")
            .filter((line) => /FLEET_(AGENT|ENGINE)/.test(line))
            .map((line) => line.trim());
    };
    assert.deepEqual(told(true), []);
    assert.deepEqual(told({}), []);
    assert.deepEqual(told({ agentTtl: 60 }), ['Environment="FLEET_AGENT_TTL=60s"']);
    assert.deepEqual(told({ agentTtl: 6, engineReconcileInterval: 1.5 }), [
        'Environment="FLEET_AGENT_TTL=6s"',
        'Environment="FLEET_ENGINE_RECONCILE_INTERVAL=1.5"',
    ]);
});

test("etcd's endpoints are the members', with the scheme and port of its clients", () => {
    const machines = planMachines(golden);
    assert.deepEqual(etcdEndpoints(machines, addressesOf(golden)), [
        "http://10.80.0.11:2379",
        "http://10.80.0.12:2379",
        "http://10.80.0.13:2379",
    ]);
});

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,6}[a-z0-9])?$/);
const metadataText = fc.oneof(
    fc.constantFrom("yes", "1:30", "%H", "$x", "a b", "\\", "$private_ipv4", "é", "#", ": "),
    fc.stringMatching(/^[ -~]{1,6}$/),
);
const metadata = fc.dictionary(metadataText, metadataText, { maxKeys: 3 });
const shapes: fc.Arbitrary<ClusterShape> = fc
    .record(
        {
            name: label,
            members: fc.record({ count: fc.constantFrom(1, 3, 5), metadata }),
            workers: fc.dictionary(label, fc.record({ count: fc.nat({ max: 3 }), metadata }), {
                maxKeys: 3,
            }),
            fleet: fc.oneof(
                fc.boolean(),
                fc.record({
                    agentTtl: fc.integer({ min: 6, max: 3600 }),
                    engineReconcileInterval: fc.double({ min: 1, max: 300, noNaN: true }),
                }),
            ),
            update: fc.record({
                group: fc.constantFrom("stable", "beta", "alpha", "lts"),
                rebootStrategy: fc.constantFrom("etcd-lock", "reboot", "off"),
            }),
        },
        { requiredKeys: ["name", "members"] },
    )
    .filter((shape) => errorsOf(validateShape(shape)).length === 0);

test("what is rendered is without problem, here and in the original, and warns of nothing", async () => {
    const texts = fc
        .sample(shapes, { numRuns: 200, seed: 7 })
        .flatMap((shape) => Object.values(textsOf(shape)));
    for (const text of texts) {
        assert.deepEqual(validateUserData(text, context), [], text);
    }
    for (const [index, finding] of (await inspect(texts)).entries()) {
        assert.equal(finding.error, undefined, texts[index]);
        assert.deepEqual(finding.report, [], texts[index]);
    }
});

test("a group's text depends on nothing but the members, its own metadata and the updates", () => {
    fc.assert(
        fc.property(shapes, label, fc.nat({ max: 5 }), (shape, other, count) => {
            fc.pre(shape.workers?.[other] === undefined && other !== "members");
            const before = textsOf(shape);
            const groups = Object.entries(shape.workers ?? {}).reverse();
            const workers = Object.fromEntries([[other, { count }], ...groups]);
            const after = textsOf({ ...shape, workers });
            for (const [group, text] of Object.entries(before)) {
                assert.equal(after[group], text);
            }
        }),
    );
});
