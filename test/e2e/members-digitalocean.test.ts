import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { SimulatedCloud } from "../../lib/testing/index.js";
import { assertWell, ClusterView, eventuallyWell } from "./support/cluster-view.js";
import { helloCluster, port } from "./support/program.js";
import { SteadyClient } from "./support/steady-client.js";
import { steps } from "./support/steps.js";
import { accountFolder, TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";
const expected = { units: ["hello@1.service", "hello@2.service"], greeting: "hello" };
const names = ["roll-1", "roll-2", "roll-3"];

describe("members on the simulated DigitalOcean, which get new addresses", { skip }, () => {
    const step = steps();
    let cloud: SimulatedCloud;
    let stack: TestStack;
    let view: ClusterView;

    before(async () => {
        const note = { name: "note.service", content: "[Service]\nExecStart=/bin/echo one\n" };
        const members = { count: 3, expose: [port], units: [note], rollout: "reboot" };
        const platform = {
            name: "DigitalOcean",
            from: "pulumi-coreos/digitalocean",
            args: { region: "sgp1", etcdVolume: { size: 5 } },
        };
        // Slower to start than a member takes to be made anew: the next one must wait for what moved.
        const service = { instances: 2, startsAfter: 6 };
        const program = helloCluster("roll", { members }, service, platform);
        stack = await TestStack.create("pulumi-coreos-roll", program, async (folder) => {
            cloud = await SimulatedCloud.open("digitalocean", accountFolder(folder));
            return { plugins: cloud.plugins };
        });
    });

    after(() => stack.dispose());

    const droplets = async () =>
        new Map((await cloud.list("droplets")).map(({ id, name }) => [String(name), id]));
    const memberIds = async () => {
        const [first = ""] = view.machines;
        const lines = (await view.ssh(first, "/opt/bin/etcdctl member list")).trim().split("\n");
        return lines.map((line) => line.split(", ")[0] ?? "").sort();
    };

    /** The service is asked at addresses that change: at whichever of them it is now. */
    const roll = async () => {
        const before = await droplets();
        const client = new SteadyClient(async () => {
            const all = await cloud.list("droplets");
            return all.map(({ ipv4Address }) => `http://${ipv4Address}:${port}/`);
        });
        const { code, output } = await stack.pulumi(["up", "--yes", "--skip-preview"]);
        const { answers, failures } = await client.stop();
        assert.equal(code, 0, output);
        assert.ok(answers.size > 0);
        assert.deepEqual(failures, []);
        view = new ClusterView(await stack.outputs());
        await eventuallyWell(view, expected);
        const now = await droplets();
        assert.ok(names.every((name) => now.get(name) !== before.get(name)));
    };

    step("up", async () => {
        await stack.up();
        view = new ClusterView(await stack.outputs());
        await assertWell(view, expected);
        await view.ssh("roll-1", "/opt/bin/etcdctl put kept through-all");
        const quiet = await stack.succeed(["preview", "--expect-no-changes"]);
        assert.doesNotMatch(quiet, /older cloud-config/);
    });

    step(
        "a changed text replaces no member, and every preview says who runs the old one",
        async () => {
            const before = await droplets();
            stack.edit("/bin/echo one", "/bin/echo two");
            await stack.up();
            assert.deepEqual(await droplets(), before);
            const lonely = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"];
            const said = await stack.succeed(["preview", "--expect-no-changes"], lonely);
            assert.match(
                said,
                /roll-1, roll-2, roll-3 run an older cloud-config, .* rollout: "replace"/,
            );
        },
    );

    step(
        "made anew one by one, with their data on volumes they stay the members they were",
        async () => {
            const before = await memberIds();
            stack.edit('"rollout": "reboot"', '"rollout": "replace"');
            await roll();
            assert.deepEqual(await memberIds(), before);
            assert.match(await view.ssh("roll-1", "/opt/bin/etcdctl get kept"), /through-all/);
            const quiet = await stack.succeed(["preview", "--expect-no-changes"]);
            assert.doesNotMatch(quiet, /older cloud-config/);
        },
    );

    step("without volumes each leaves, and is added again", async () => {
        const before = await memberIds();
        stack.edit('"etcdVolume": {\n        "size": 5\n    }', '"tags": []');
        await roll();
        const now = await memberIds();
        assert.equal(now.length, 3);
        assert.ok(now.every((id) => !before.includes(id)));
        assert.match(await view.ssh("roll-1", "/opt/bin/etcdctl get kept"), /through-all/);
        assert.deepEqual(await cloud.list("volumes"), []);
    });

    step("destroy leaves nothing", async () => {
        await stack.succeed(["destroy", "--yes", "--skip-preview"]);
        assert.deepEqual(await cloud.list("droplets"), []);
        assert.deepEqual(await stack.networks(), []);
    });
});
