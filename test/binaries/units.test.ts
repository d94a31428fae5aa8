import assert from "node:assert/strict";
import { test } from "node:test";
import { type Archives, binariesDocument, FETCH_SCRIPT } from "../../lib/binaries/index.js";
import { renderCloudConfig, validateUserData } from "../../lib/cloud-config/index.js";
import { inspect } from "../support/cloudinit.js";

const sum = "0123456789abcdef".repeat(4);
const archives: Archives = {
    etcd: { url: "https://example.com/etcd.tar.gz?v=3%2E5", sha256: sum.toUpperCase() },
    fleet: { url: "http://10.0.0.9:8080/fleet.tar", sha256: sum },
};
const around = { users: ["etcd.service", "fleet.service"], target: "coreos-cluster.target" };
const text = (of: Archives, early?: string) =>
    renderCloudConfig(binariesDocument(of, { ...around, ...(early ? { early } : {}) }));

const unit = `[Unit]
Description=Programs of the cluster
Wants=network-online.target
After=network-online.target
ConditionPathExists=|!/opt/bin/etcd
ConditionPathExists=|!/opt/bin/etcdctl
ConditionPathExists=|!/opt/bin/fleetd
ConditionPathExists=|!/opt/bin/fleetctl
StartLimitIntervalSec=0

[Service]
Type=oneshot
RemainAfterExit=true
ExecStart=/opt/pulumi-coreos/fetch-binaries "https://example.com/etcd.tar.gz?v=3%%2E5" ${sum} etcd etcdctl
ExecStart=/opt/pulumi-coreos/fetch-binaries http://10.0.0.9:8080/fleet.tar ${sum} fleetd fleetctl
ExecStartPost=/usr/bin/env systemctl --no-block try-restart coreos-cluster.target
TimeoutStartSec=15min
Restart=on-failure
RestartSec=5
RestartPreventExitStatus=65
`;

test("the unit, word for word, and what requires it", () => {
    const { coreos, write_files } = binariesDocument(archives, { ...around, early: "a.path" });
    const required = "[Unit]\nRequires=coreos-binaries.service\nAfter=coreos-binaries.service\n";
    const wanted = "[Unit]\nWants=coreos-binaries.service\n";
    const dropIn = (name: string, content: string) => ({
        name,
        drop_ins: [{ name: "10-binaries.conf", content }],
    });
    assert.deepEqual(coreos?.units, [
        { name: "coreos-binaries.service", content: unit },
        dropIn("etcd.service", required),
        dropIn("fleet.service", required),
        dropIn("a.path", wanted),
    ]);
    assert.deepEqual(
        write_files?.map(({ path, permissions, content }) => [path, permissions, content]),
        [["/opt/pulumi-coreos/fetch-binaries", "0755", FETCH_SCRIPT]],
    );
});

test("where nothing is fetched there is no document", () => {
    assert.deepEqual(binariesDocument({}, around), {});
});

test("the original agent takes the document without a warning, and the script as it is", async () => {
    const context = { publicIpv4: true, privateIpv4: true };
    const etcdAlone = archives.etcd === undefined ? {} : { etcd: archives.etcd };
    const texts = [text(archives), text(archives, "coreos-cluster.path"), text(etcdAlone)];
    for (const each of texts) {
        assert.deepEqual(validateUserData(each, context), []);
    }
    for (const finding of await inspect(texts)) {
        assert.deepEqual([finding.error, finding.report], [undefined, []]);
        assert.ok(JSON.stringify(finding.document).includes(JSON.stringify(FETCH_SCRIPT)));
    }
});
