import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { listProcesses, startedWith } from "../../lib/cli/processes.js";
import { machinePaths } from "../../lib/platforms/local/disk.js";
import { deleteMachine } from "../../lib/platforms/local/machine.js";
import { readMachineManifest } from "../../lib/platforms/local/manifest.js";
import { assertWell, ClusterView, eventuallyWell } from "./support/cluster-view.js";
import { helloCluster, port } from "./support/program.js";
import { Residue } from "./support/residue.js";
import { SteadyClient } from "./support/steady-client.js";
import { SteadyWriter } from "./support/steady-writer.js";
import { eventually, steps } from "./support/steps.js";
import { TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";
const expected = { units: ["hello@1.service", "hello@2.service"], greeting: "hello" };

describe("the life of etcd's members", { skip }, () => {
    const step = steps();
    let residue: Residue;
    let stack: TestStack;
    let view: ClusterView;

    /** What a member lists: who is a member, under which id. */
    const memberIds = async (): Promise<Map<string, string>> => {
        const lines = (await view.etcdctl("member", "list")).trim().split("\n");
        return new Map(
            lines.map((line) => {
                const [id = "", state, name = ""] = line.split(", ");
                assert.equal(state, "started", line);
                return [name, id];
            }),
        );
    };
    /** A machine is lost with its disk, and nobody has told Pulumi. */
    const lose = async (...names: readonly string[]) => {
        const [network = ""] = await stack.networks();
        await Promise.all(names.map((name) => deleteMachine(network, name, 0)));
    };
    const instances = async (): Promise<Map<string, string>> => {
        const [network = ""] = await stack.networks();
        const names = ["life-1", "life-2", "life-3"];
        const found = await Promise.all(names.map((name) => readMachineManifest(network, name)));
        return new Map(names.map((name, index) => [name, found[index]?.instanceId ?? ""]));
    };
    const repair = ["up", "--yes", "--skip-preview", "--refresh", "--suppress-outputs"];

    before(async () => {
        const note = { name: "note.service", content: "[Service]\nExecStart=/bin/echo one\n" };
        const members = { count: 3, expose: [port], rollout: "reboot", units: [note] };
        const program = helloCluster("life", { members }, { instances: 2 });
        stack = await TestStack.create("pulumi-coreos-members", program);
        residue = new Residue();
    });

    after(() => stack.dispose());

    step("up", async () => {
        await stack.up();
        view = new ClusterView(await stack.outputs());
        await residue.mark(await stack.networks());
        await assertWell(view, expected);
    });

    step("a member that was lost with its disk is added again, and no write is lost", async () => {
        const before = await memberIds();
        const writer = new SteadyWriter(view.outputs.etcdEndpoints, "lost");
        await lose("life-2");
        const { code, output } = await stack.pulumi(repair);
        const { written, lost } = await writer.stop();
        assert.equal(code, 0, output);
        assert.deepEqual(lost, []);
        assert.ok(written > 50, `${written} writes`);
        view = new ClusterView(await stack.outputs());
        const now = await memberIds();
        assert.deepEqual([...now.keys()].sort(), ["life-1", "life-2", "life-3"]);
        assert.notEqual(now.get("life-2"), before.get("life-2"));
        assert.equal(now.get("life-1"), before.get("life-1"));
    });

    step("it may be lost a second time", async () => {
        await lose("life-2");
        await stack.succeed(repair);
        view = new ClusterView(await stack.outputs());
        // fleet lists a machine that died for its agent's 30 s.
        await eventuallyWell(view, expected);
        assert.equal((await memberIds()).size, 3);
    });

    step("a changed text waits for a boot, and every preview says for whose", async () => {
        stack.edit("/bin/echo one", "/bin/echo zero");
        await stack.up();
        const stale = async () => stack.succeed(["preview", "--expect-no-changes"]);
        assert.match(await stale(), /life-1, life-2, life-3 run an older cloud-config, and each/);
        await view.orderAndLose("life-1", "sudo reboot");
        await eventually("the new text", async () => {
            const text = await view.ssh("life-1", "cat /etc/systemd/system/note.service");
            assert.match(text, /echo zero/);
        });
        await stack.succeed(["refresh", "--yes", "--skip-preview"]);
        assert.match(await stale(), / life-2, life-3 run an older cloud-config, and each/);
        await eventuallyWell(view, expected);
        stack.edit('"rollout": "reboot"', '"rollout": "replace"');
        await stack.up();
    });

    step(
        "a preview of a changed text says that all are made anew, and changes nothing",
        async () => {
            await stack.succeed(["preview", "--expect-no-changes"]);
            stack.edit("/bin/echo zero", "/bin/echo two");
            const output = await stack.succeed(["preview"]);
            for (const name of view.machines) {
                assert.match(output, new RegExp(`\\+-.*LocalMachine ${name} `));
            }
        },
    );

    step("they are made anew one by one, while etcd and the service answer", async () => {
        const before = await instances();
        const writer = new SteadyWriter(view.outputs.etcdEndpoints, "rolled");
        const urls = view.machines.map((name) => `http://${view.address(name)}:${port}/`);
        const client = new SteadyClient(urls);
        const { code, output } = await stack.pulumi(["up", "--yes", "--skip-preview"]);
        const [{ written, lost }, { failures }] = [await writer.stop(), await client.stop()];
        assert.equal(code, 0, output);
        assert.deepEqual(lost, []);
        assert.ok(written > 100, `${written} writes`);
        assert.deepEqual(failures, []);
        view = new ClusterView(await stack.outputs());
        await eventuallyWell(view, expected);
        const now = await instances();
        assert.ok(view.machines.every((name) => now.get(name) !== before.get(name)));
        assert.equal((await memberIds()).size, 3);
        for (const name of view.machines) {
            assert.match(await view.ssh(name, "cat /etc/systemd/system/note.service"), /echo two/);
        }
        await stack.succeed(["preview", "--expect-no-changes"]);
    });

    step("none is made anew while another is not healthy", async () => {
        const before = await instances();
        await view.ssh("life-3", "sudo systemctl stop etcd");
        stack.edit("/bin/echo two", "/bin/echo three");
        const { code, output } = await stack.pulumi(["up", "--yes", "--skip-preview"]);
        assert.notEqual(code, 0);
        assert.match(output, /life-1 is not made anew, since life-3 is not healthy/);
        assert.deepEqual(await instances(), before);
        await view.ssh("life-3", "sudo systemctl start etcd");
    });

    step(
        "an update that is killed while a member is made anew is finished by the next",
        async () => {
            const before = await instances();
            const running = stack.pulumi(["up", "--yes", "--skip-preview"]);
            await eventually("the second member to go", async () => {
                assert.notEqual((await instances()).get("life-2"), before.get("life-2"));
            });
            for (const { pid } of listProcesses()) {
                if (startedWith(pid, "PULUMI_HOME") === join(stack.folder, "home")) {
                    process.kill(pid, "SIGKILL");
                }
            }
            assert.notEqual((await running).code, 0);
            await stack.pulumi(["cancel", "--yes"]);
            const first = (await instances()).get("life-1");
            await stack.up();
            view = new ClusterView(await stack.outputs());
            await eventuallyWell(view, expected);
            const now = await instances();
            assert.equal(now.get("life-1"), first, "what was done is not done again");
            assert.ok(view.machines.every((name) => now.get(name) !== before.get(name)));
            assert.equal((await memberIds()).size, 3);
        },
    );

    step("two lost at once: there is no quorum, and the update says so at once", async () => {
        stack.edit('"rollout": "replace"', '"rollout": "reboot"');
        await lose("life-1", "life-3");
        const { code, output } = await stack.pulumi(repair);
        assert.notEqual(code, 0);
        const said = /etcd of life has lost its quorum: life-1 and life-3 have no data; 2 of 3/;
        assert.match(output, said);
        const [network = ""] = await stack.networks();
        for (const name of ["life-1", "life-3"]) {
            const data = join(machinePaths(network, name).root, "var/lib/etcd/member");
            assert.equal(existsSync(data), false, "none has begun a cluster of its own");
        }
    });

    step("destroy leaves nothing", async () => {
        await stack.succeed(["destroy", "--yes", "--skip-preview"]);
        assert.deepEqual(await residue.left(), []);
    });
});
