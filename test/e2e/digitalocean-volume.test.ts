import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { SimulatedCloud } from "../../lib/testing/index.js";
import { ClusterView } from "./support/cluster-view.js";
import { bareCluster } from "./support/program.js";
import { Residue } from "./support/residue.js";
import { eventually, steps } from "./support/steps.js";
import { accountFolder, TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";

describe("a member whose data is on a volume", { skip }, () => {
    const step = steps();
    let residue: Residue;
    let cloud: SimulatedCloud;
    let stack: TestStack;
    let view: ClusterView;

    before(async () => {
        const args = { region: "sgp1", etcdVolume: { size: 5 } };
        const platform = { name: "DigitalOcean", from: "pulumi-coreos/digitalocean", args };
        const program = bareCluster("data", { members: { count: 1 }, fleet: false }, platform);
        stack = await TestStack.create("pulumi-coreos-data", program, async (folder) => {
            cloud = await SimulatedCloud.open("digitalocean", accountFolder(folder));
            return { plugins: cloud.plugins };
        });
        residue = new Residue();
    });

    after(() => stack.dispose());

    const replaceDroplet = async () => {
        const { deployment } = JSON.parse(await stack.succeed(["stack", "export"]));
        const resources: { urn: string; type: string }[] = deployment.resources;
        const droplet = resources.find(({ type }) => type.endsWith(":Droplet"));
        return stack.pulumi(["up", "--yes", "--skip-preview", "--replace", droplet?.urn ?? ""]);
    };

    step("up: etcd's data is on the volume, found by its label", async () => {
        await stack.up();
        view = new ClusterView(await stack.outputs());
        await residue.mark(await stack.networks());
        const mount = await view.ssh("data-1", "findmnt --noheadings /var/lib/etcd");
        assert.match(mount, /^\/var\/lib\/etcd +\/dev\/disk\/by-label\/etcd +ext4/);
        await view.etcdctl("put", "kept", "through-all");
    });

    step("a reboot mounts it again", async () => {
        await view.orderAndLose("data-1", "sudo reboot");
        await eventually("etcd to answer again", async () => {
            assert.equal(await view.etcdctl("get", "kept", "--print-value-only"), "through-all");
        });
    });

    step("another droplet in its place has the data, and is the member", async () => {
        const [before] = await cloud.list("droplets");
        const { code, output } = await replaceDroplet();
        assert.equal(code, 0, output);
        const [now] = await cloud.list("droplets");
        assert.notEqual(now?.id, before?.id);
        view = new ClusterView(await stack.outputs());
        assert.equal(await view.etcdctl("get", "kept", "--print-value-only"), "through-all");
    });

    step("without its data it begins no cluster of its own, and the update says why", async () => {
        await view.ssh("data-1", "sudo systemctl stop etcd && sudo rm -r /var/lib/etcd/member");
        const { code, output } = await replaceDroplet();
        assert.notEqual(code, 0);
        assert.match(
            output,
            /data-1: it is the only member and has no etcd data, .* make the cluster anew/,
        );
    });

    step("destroy leaves nothing", async () => {
        await stack.succeed(["destroy", "--yes", "--skip-preview"]);
        assert.deepEqual(await residue.left(), []);
        assert.deepEqual(await cloud.list("volumes"), []);
    });
});
