import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { SimulatedCloud } from "../../lib/testing/index.js";
import { destroyMachine } from "../../lib/testing/machines.js";
import { ClusterView, eventuallyWell } from "./support/cluster-view.js";
import { helloCluster, port } from "./support/program.js";
import { SteadyClient } from "./support/steady-client.js";
import { steps } from "./support/steps.js";
import { accountFolder, TestStack } from "./support/test-stack.js";

const expected = { units: ["hello@1.service", "hello@2.service"], greeting: "hello" };
const skip = process.getuid?.() === 0 ? false : "needs root";

describe("members on the simulated AWS, whose data is on their own disks", { skip }, () => {
    const step = steps();
    let cloud: SimulatedCloud;
    let stack: TestStack;
    let view: ClusterView;

    before(async () => {
        const note = { name: "note.service", content: "[Service]\nExecStart=/bin/echo one\n" };
        const members = { count: 3, expose: [port], units: [note], rollout: "reboot" };
        const args = { vpc: { cidr: "10.131.80.0/20" } };
        const platform = { name: "Aws", from: "pulumi-coreos/aws", args };
        // The next member must wait for what moved, however long it takes to start.
        const service = { instances: 2, startsAfter: 4 };
        const program = helloCluster("bare", { members }, service, platform);
        stack = await TestStack.create("pulumi-coreos-bare", program, async (folder) => {
            cloud = await SimulatedCloud.open("aws", accountFolder(folder));
            return { plugins: cloud.plugins };
        });
    });

    after(() => stack.dispose());

    const instances = async () => (await cloud.list("instances")).map(({ id }) => id);
    const asked = async () => {
        const all = await cloud.list("instances");
        return all.map(({ publicIp }) => `http://${publicIp}:${port}/`);
    };
    const members = async () => {
        view = new ClusterView(await stack.outputs());
        const lines = (await view.ssh("bare-1", "/opt/bin/etcdctl member list")).trim().split("\n");
        assert.ok(
            lines.every((line) => line.includes(", started, bare-")),
            lines.join("\n"),
        );
        const get = "/opt/bin/etcdctl get kept --print-value-only";
        for (const name of view.machines) {
            assert.equal(await view.ssh(name, get), "through-all");
        }
        return lines.map((line) => line.split(", ")[0] ?? "");
    };

    step("up", async () => {
        await stack.up();
        view = new ClusterView(await stack.outputs());
        await view.ssh("bare-1", "/opt/bin/etcdctl put kept through-all");
        assert.equal((await members()).length, 3);
    });

    step(
        "an instance that was terminated by hand is made again, and is a member again",
        async () => {
            const before = await members();
            const [lost] = await cloud.list("instances");
            assert.ok(lost);
            await destroyMachine(cloud.account, String(lost["vpcId"]), lost.id, 0);
            await cloud.account.remove("instances", lost.id);
            const repair = ["up", "--yes", "--skip-preview", "--refresh", "--suppress-outputs"];
            await stack.succeed(repair);
            assert.ok(!(await instances()).includes(lost.id));
            const now = await members();
            assert.equal(now.filter((id) => before.includes(id)).length, 2);
        },
    );

    step(
        "a changed text waits for the word; with it all are made anew at their addresses",
        async () => {
            const [before, ids] = [await instances(), await members()];
            const addresses = view.outputs.machines.map(({ privateIp }) => privateIp);
            stack.edit("/bin/echo one", "/bin/echo two");
            await stack.up();
            assert.deepEqual(await instances(), before);
            const said = await stack.succeed(["preview", "--expect-no-changes"]);
            assert.match(said, /bare-1, bare-2, bare-3 run an older cloud-config/);
            stack.edit('"rollout": "reboot"', '"rollout": "replace"');
            await eventuallyWell(view, expected);
            const client = new SteadyClient(asked);
            const { code, output } = await stack.pulumi(["up", "--yes", "--skip-preview"]);
            const { answers, failures } = await client.stop();
            assert.equal(code, 0, output);
            assert.ok(answers.size > 0);
            assert.deepEqual(failures, []);
            assert.ok((await instances()).every((id) => !before.includes(id)));
            assert.ok((await members()).every((id) => !ids.includes(id)));
            assert.deepEqual(
                view.outputs.machines.map(({ privateIp }) => privateIp),
                addresses,
            );
            const quiet = await stack.succeed(["preview", "--expect-no-changes"]);
            assert.doesNotMatch(quiet, /older cloud-config/);
        },
    );

    step("another type stops and starts one after the other", async () => {
        const before = await cloud.list("instances");
        await eventuallyWell(view, expected);
        stack.edit('"vpc": {', '"instanceTypes": { "default": "t3.medium" }, "vpc": {');
        const client = new SteadyClient(asked);
        const { code, output } = await stack.pulumi(["up", "--yes", "--skip-preview"]);
        const { failures } = await client.stop();
        assert.equal(code, 0, output);
        assert.deepEqual(failures, []);
        const now = await cloud.list("instances");
        assert.deepEqual(
            now.map(({ id, instanceType }) => [id, instanceType]),
            before.map(({ id }) => [id, "t3.medium"]),
        );
        await members();
    });

    step("destroy leaves nothing", async () => {
        await stack.succeed(["destroy", "--yes", "--skip-preview"]);
        assert.deepEqual(await instances(), []);
        assert.deepEqual(await stack.networks(), []);
    });
});
