/** The script that finds etcd's volume, with stand-ins for what it asks. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { volumeDocument } from "../../../lib/platforms/aws/volume.js";

let folder: string;

before(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-coreos-volume-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const row = (name: string, fstype: string, pttype: string, model: string, type = "disk") =>
    `NAME="${name}" TYPE="${type}" FSTYPE="${fstype}" PTTYPE="${pttype}" MODEL="${model}"`;
const ebs = "Amazon Elastic Block Store              ";
const root = row("/dev/nvme0n1", "", "gpt", ebs);
const store = row("/dev/nvme2n1", "", "", "Amazon EC2 NVMe Instance Storage        ");
const blank = row("/dev/nvme1n1", "", "", ebs);

/** Runs the script where `lsblk` says that; answers with what it did. */
function find(disks: readonly string[], labelled: boolean) {
    const at = mkdtempSync(join(folder, "case-"));
    const [dev, log] = [join(at, "dev"), join(at, "log")];
    mkdirSync(join(dev, "disk/by-label"), { recursive: true });
    const label = join(dev, "disk/by-label/etcd");
    if (labelled) {
        writeFileSync(label, "");
    }
    writeFileSync(join(at, "lsblk.txt"), `${disks.join("\n")}\n`);
    const commands = {
        lsblk: `cat ${at}/lsblk.txt`,
        "mkfs.ext4": `echo "mkfs.ext4 $*" >> ${log}; touch ${label}`,
        udevadm: "true",
        mountpoint: "false",
        mkdir: "true",
        mount: `echo "mount $*" >> ${log}`,
        sleep: `printf '%s\\n' '${blank}' >> ${at}/lsblk.txt`,
    };
    for (const [name, body] of Object.entries(commands)) {
        writeFileSync(join(at, name), `#!/bin/sh\n${body}\n`);
        chmodSync(join(at, name), 0o755);
    }
    const [script] = volumeDocument().write_files ?? [];
    writeFileSync(join(at, "script"), String(script?.content));
    writeFileSync(log, "");
    const { status, stderr } = spawnSync("/bin/bash", [join(at, "script")], {
        env: { PATH: `${at}:/usr/bin:/bin`, DEVICES: dev },
        encoding: "utf8",
        timeout: 20_000,
    });
    const done = readFileSync(log, "utf8").replaceAll(dev, "/dev").trim().split("\n");
    return { status, stderr, done };
}

const mounted = "mount /dev/disk/by-label/etcd /var/lib/etcd";
const made = (name: string) => `mkfs.ext4 -q -L etcd ${name}`;

test("a new volume on Nitro gets a file system, beside the root and an instance store", () => {
    const { done, status } = find([root, store, blank], false);
    assert.deepEqual([status, done], [0, [made("/dev/nvme1n1"), mounted]]);
});

test("a new volume on Xen, which has no model", () => {
    const xen = [row("/dev/xvda", "", "gpt", ""), row("/dev/xvdf", "", "", "")];
    assert.deepEqual(find(xen, false).done, [made("/dev/xvdf"), mounted]);
});

test("one that has its file system is mounted as it is", () => {
    const { done } = find([root, row("/dev/nvme1n1", "ext4", "", ebs)], true);
    assert.deepEqual(done, [mounted]);
});

test("it waits for a volume that is attached later", () => {
    assert.deepEqual(find([root, store], false).done, [made("/dev/nvme1n1"), mounted]);
});

test("of two blank volumes it touches none, and says so", () => {
    const { status, stderr, done } = find([blank, row("/dev/nvme3n1", "", "", ebs)], false);
    assert.equal(status, 1);
    assert.match(stderr, /which one is etcd's\? blank volumes: \/dev\/nvme1n1 \/dev\/nvme3n1/);
    assert.deepEqual(done, [""]);
});
