import assert from "node:assert/strict";
import { basename } from "node:path";
import { after, before, describe, test } from "node:test";
import { parseCloudConfig } from "../../lib/cloud-config/index.js";
import { MEMBERSHIP_GUARD } from "../../lib/etcd/index.js";
import { parseUnit } from "../../lib/systemd/index.js";
import { inspect } from "../support/cloudinit.js";
import { InstalledPackage } from "./support/installed-package.js";
import { type Planned, preview, projects } from "./support/preview.js";

describe("the examples and the stacks, previewed from the installed package", () => {
    let installed: InstalledPackage;
    const planned = new Map<string, Planned>();

    before(async () => {
        installed = await InstalledPackage.create();
    });

    after(() => installed.dispose());

    for (const project of projects) {
        const name = project.parts === undefined ? basename(project.folder) : "stacks";
        test(`${name}: the preview has every text`, async () => {
            const plan = await preview(installed, project);
            planned.set(name, plan);
            assert.ok(plan.userData.size > 0);
            const types = plan.resources.map(({ type }) => type);
            assert.ok(types.includes("pulumi-nodejs:dynamic/coreos:Readiness"));
            for (const [label, text] of plan.userData) {
                assert.match(text, /^#cloud-config\n/, label);
            }
        });
    }

    const plan = (name: string): Planned => {
        const found = planned.get(name);
        assert.ok(found !== undefined, `${name} has no preview`);
        return found;
    };

    const group = (name: string, label: string) => {
        const text = plan(name).userData.get(`${name}/${label}`);
        assert.ok(text !== undefined, `${label} is not in ${[...plan(name).userData.keys()]}`);
        const { document } = parseCloudConfig(text);
        const units = document.coreos?.units ?? [];
        return {
            text,
            paths: (document.write_files ?? []).map((file) => file.path),
            unit: (unit: string) => units.find((one) => one.name === unit),
        };
    };

    test("the original agent takes every document, and its validator has no word to say", async () => {
        const documents = [...planned.values()].flatMap(({ userData }) => [...userData]);
        assert.ok(documents.length >= projects.length + 1);
        const findings = await inspect(documents.map(([, text]) => text));
        for (const [index, { report, error, document }] of findings.entries()) {
            const [label, text] = documents[index] ?? [];
            assert.deepEqual(
                { report, error },
                { report: [], error: undefined },
                `${label}\n${text}`,
            );
            assert.ok(document !== undefined);
        }
    });

    test("web-and-workers: only the workers have the site, and only they run it", () => {
        const members = group("web-and-workers", "web-members");
        const front = group("web-and-workers", "web-front");
        assert.deepEqual(members.paths, [MEMBERSHIP_GUARD]);
        assert.deepEqual(front.paths, ["/opt/bin/serve", "/srv/web/index.html"]);
        assert.match(members.unit("etcd.service")?.content ?? "", /--enable-v2/);
        assert.match(front.unit("etcd.service")?.content ?? "", /--proxy=on/);
        assert.match(front.unit("fleet.service")?.content ?? "", /FLEET_METADATA=role=front/);
        const [site] = plan("web-and-workers").services;
        assert.deepEqual(site?.units, ["site@1.service", "site@2.service"]);
        assert.match(Object.values(site?.files ?? {}).join(""), /^MachineMetadata=role=front$/m);
    });

    test("etcd-only: no fleet, and the maintenance window", () => {
        const members = group("etcd-only", "store-members");
        assert.deepEqual(plan("etcd-only").services, []);
        assert.equal(members.unit("fleet.service"), undefined);
        assert.doesNotMatch(members.text, /fleetd|FLEET_/);
        assert.match(members.text, /window_start: Sun 03:00/);
        const etcd = members.unit("etcd.service")?.content ?? "";
        const peers = / members=(\S+)/.exec(etcd)?.[1]?.split(",") ?? [];
        const names = peers.map((peer) => peer.split("=")[0]);
        assert.deepEqual(names, ["store-a", "store-b", "store-c"]);
    });

    test("existing-unit-file: the file's own lines, and what the program sets anew", () => {
        const [hello] = plan("existing-unit-file").services;
        const unit = parseUnit(Object.values(hello?.files ?? {}).join(""));
        assert.equal(unit.Service?.Environment, "GREETING=good-morning");
        assert.equal(unit.Service?.Restart, "always");
        assert.match(String(unit.Service?.ExecStart), /--listen=8080\s+\/opt\/bin\/hello$/);
        assert.equal(unit.Unit?.After, "network-online.target");
        assert.equal(unit["X-Fleet"]?.["Conflicts"], "hello@*.service");
        const members = group("existing-unit-file", "hello-members");
        assert.deepEqual(members.paths, [MEMBERSHIP_GUARD, "/opt/bin/hello", "/etc/motd"]);
        assert.equal(members.unit("booted.service")?.command, "start");
        const fleet = members.unit("fleet.service");
        assert.match(fleet?.content ?? "", /ExecStart=\/opt\/bin\/fleetd/);
        assert.deepEqual(
            fleet?.drop_ins?.map(({ name }) => name),
            ["10-patience.conf"],
        );
    });
});
