import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type CloudName, SimulatedCloud } from "../../lib/testing/index.js";
import { type ReleaseArchive, releaseArchive } from "./support/archives.js";
import { ClusterView } from "./support/cluster-view.js";
import { bareCluster, type PlatformText } from "./support/program.js";
import { Residue } from "./support/residue.js";
import { eventually, steps } from "./support/steps.js";
import { accountFolder, TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";
const wrong = "0".repeat(64);
/** Stands for what machines fetch until that is known. */
const later = "LATER";

/** A stack on a cloud whose machines boot without etcd and fleet, with an object store beside them. */
async function bareStack(name: CloudName, platform: PlatformText, objectStore: string) {
    let cloud: SimulatedCloud | undefined;
    const content = "[Service]\nType=oneshot\nRemainAfterExit=true\nExecStart=/bin/true\n";
    const units = [{ name: "after-etcd.service", command: "start", content }];
    const args = { members: { count: 1 }, units, binaries: later };
    const program = bareCluster("bare", args, platform);
    const stack = await TestStack.create(`pulumi-coreos-bare-${name}`, program, async (folder) => {
        const settings = { bareImages: true, objectStore };
        cloud = await SimulatedCloud.open(name, accountFolder(folder), settings);
        return { plugins: cloud.plugins };
    });
    assert.ok(cloud);
    return { stack, cloud, residue: new Residue() };
}

/** The programs are there and run, and nothing else came with them. */
async function assertFetched(stack: TestStack): Promise<void> {
    const view = new ClusterView(await stack.outputs());
    assert.deepEqual(await view.fleetMachines(), ["bare-1"]);
    const there = await view.ssh("bare-1", "ls -A /opt/bin; /opt/bin/etcdctl version");
    assert.match(there, /^etcd\netcdctl\nfleetctl\nfleetd\netcdctl version: 3\.5/);
    await stack.succeed(["preview", "--expect-no-changes"]);
}

describe("a droplet whose image has neither etcd nor fleet", { skip }, () => {
    const step = steps();
    const store = "10.134.0.250";
    let residue: Residue;
    let cloud: SimulatedCloud;
    let stack: TestStack;
    let fleet: ReleaseArchive;
    let fleetText: string;

    before(async () => {
        const from = "pulumi-coreos/digitalocean";
        const args = { region: "sgp1", vpc: { ipRange: "10.134.0.0/24" } };
        const platform = { name: "DigitalOcean", from, args };
        ({ stack, cloud, residue } = await bareStack("digitalocean", platform, store));
        const etcd = await releaseArchive("etcd", stack.folder);
        fleet = await releaseArchive("fleet", stack.folder);
        for (const [key, { file }] of Object.entries({ etcd, fleet })) {
            await cloud.putObject(file, { bucket: "mirror", key: `${key}.tar`, isPublic: true });
        }
        const text = (key: string, sha256: string) =>
            JSON.stringify({ url: `http://${store}/mirror/${key}.tar`, sha256 });
        fleetText = text("fleet", wrong);
        stack.edit(`"${later}"`, `{ etcd: ${text("etcd", etcd.sha256)}, fleet: ${fleetText} }`);
    });

    after(() => stack.dispose());

    step(
        "a wrong sum ends the update, which says where, which archive and what it is",
        async () => {
            const { code, output } = await stack.pulumi(["up", "--yes", "--skip-preview"]);
            await residue.mark(await stack.networks());
            assert.notEqual(code, 0);
            const said =
                `bare-1: coreos-binaries.service failed: http://${store}/mirror/fleet.tar: ` +
                `its sha256 is ${fleet.sha256}, and must be ${wrong}; nothing of it is used`;
            assert.ok(output.includes(said), output);
        },
    );

    step("fleet from a Space: the next machine fetches it, and the cluster is ready", async () => {
        stack.edit(
            "const cluster =",
            `const { SpacesBucket } = require("@pulumi/digitalocean/spacesBucket");
const { FleetBuild } = require("pulumi-coreos/digitalocean");
const space = new SpacesBucket("space", { region: "sgp1" });
const fleet = new FleetBuild("fleet", { bucket: space.name, region: "sgp1", endpoint: "http://${store}" });
const cluster =`,
        );
        stack.edit(fleetText, "fleet");
        const { deployment } = JSON.parse(await stack.succeed(["stack", "export"]));
        const resources: { urn: string; type: string }[] = deployment.resources;
        const droplet = resources.find(({ type }) => type.endsWith(":Droplet"));
        await stack.succeed(["up", "--yes", "--skip-preview", "--replace", droplet?.urn ?? ""]);
        await residue.mark(await stack.networks());
        await assertFetched(stack);
    });

    step("destroy leaves nothing", async () => {
        await stack.succeed(["destroy", "--yes", "--skip-preview"]);
        assert.deepEqual(await residue.left(), []);
        assert.deepEqual(await cloud.list("spaces"), []);
    });
});

describe("an instance whose image has neither etcd nor fleet", { skip }, () => {
    const step = steps();
    // In the VPC, and in none of the three subnets that machines are in.
    const store = "10.135.0.250";
    let residue: Residue;
    let cloud: SimulatedCloud;
    let stack: TestStack;
    let etcd: ReleaseArchive;

    before(async () => {
        const args = { vpc: { cidr: "10.135.0.0/24" } };
        const platform = { name: "Aws", from: "pulumi-coreos/aws", args };
        ({ stack, cloud, residue } = await bareStack("aws", platform, store));
        etcd = await releaseArchive("etcd", stack.folder);
        const text = JSON.stringify({
            url: `http://${store}/mirror/etcd.tar`,
            sha256: etcd.sha256,
        });
        stack.edit(`"${later}"`, `{ etcd: ${text}, fleet }`);
        stack.edit(
            "const cluster =",
            `const { FleetBuild } = require("pulumi-coreos/aws");
const fleet = new FleetBuild("fleet", { endpoint: "http://${store}" });
const cluster =`,
        );
    });

    after(() => stack.dispose());

    step("fleet from a bucket of its own, and etcd from a mirror that has it late", async () => {
        const up = stack.up();
        const isMade = async () => (await cloud.list("instances")).length > 0;
        while (
            !(await isMade()) &&
            (await Promise.race([up.then(() => false), sleep(200, true)]))
        ) {
            await residue.mark(await stack.networks());
        }
        // It boots meanwhile, and its first attempts find nothing.
        await sleep(8_000);
        const mirrored = { bucket: "mirror", key: "etcd.tar", isPublic: true };
        await cloud.putObject(etcd.file, mirrored);
        await up;
        await residue.mark(await stack.networks());
        const view = new ClusterView(await stack.outputs());
        const journal = await view.ssh("bare-1", "journalctl --output=cat -u coreos-binaries");
        assert.match(journal, /etcd.tar: it can't be fetched: curl: .*403/);
        // The agent waited for none of it.
        const show = "systemctl show --value --property=ActiveEnterTimestampMonotonic";
        const times = await view.ssh("bare-1", `${show} after-etcd coreos-binaries`);
        const [own = 0, fetched = 0] = times.split(/\n+/).map(Number);
        assert.ok(own > 0 && own < fetched, times);
        await assertFetched(stack);
    });

    step("after a reboot it has the programs, and fetches nothing", async () => {
        const view = new ClusterView(await stack.outputs());
        const started = "cut --delimiter=' ' --fields=22 /proc/1/stat";
        const before = await view.ssh("bare-1", started);
        await view.orderAndLose("bare-1", "sudo reboot");
        await eventually("fleet to be back", async () => {
            assert.notEqual(await view.ssh("bare-1", started), before);
            assert.deepEqual(await view.fleetMachines(), ["bare-1"]);
        });
        const result = "systemctl show --value --property=ConditionResult coreos-binaries";
        assert.equal(await view.ssh("bare-1", result), "no");
    });

    step("destroy leaves nothing", async () => {
        await stack.succeed(["destroy", "--yes", "--skip-preview"]);
        assert.deepEqual(await residue.left(), []);
        assert.deepEqual(await cloud.list("buckets"), []);
    });
});
