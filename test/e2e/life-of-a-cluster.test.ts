import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { networkDirectory } from "../../lib/platforms/local/manifest.js";
import { assertWell, ClusterView, eventuallyWell } from "./support/cluster-view.js";
import { crash } from "./support/crash.js";
import { helloCluster, port } from "./support/program.js";
import { Residue } from "./support/residue.js";
import { succeed } from "./support/run.js";
import { eventually, steps } from "./support/steps.js";
import { TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";
const units = ["hello@1.service", "hello@2.service", "hello@3.service"];

describe("the life of a cluster", { skip }, () => {
    const step = steps();
    let residue: Residue;
    let stack: TestStack;
    let view: ClusterView;
    let greeting = "hello";

    before(async () => {
        const members = { count: 3, metadata: { role: "member" }, expose: [port] };
        const program = helloCluster("life", { members }, { instances: 3 });
        stack = await TestStack.create("pulumi-coreos-e2e", program);
        // Not before: what a killed run of the tests left is gone now.
        residue = new Residue();
    });

    after(() => stack.dispose());

    const bootOf = (machine: string): Promise<string> =>
        view.ssh(machine, "systemctl show --value --property=UserspaceTimestampMonotonic");

    step("up: etcd, fleet, the service and the outputs are there", async () => {
        await stack.up();
        view = new ClusterView(await stack.outputs());
        await residue.mark(await stack.networks());
        await assertWell(view, { units, greeting });
        assert.deepEqual(
            view.outputs.machines.map(({ name, role, metadata }) => ({ name, role, metadata })),
            ["life-1", "life-2", "life-3"].map((name) => {
                return { name, role: "member", metadata: { role: "member" } };
            }),
        );
        const addresses = view.machines.map((name) => view.address(name));
        assert.deepEqual(
            view.outputs.etcdEndpoints,
            addresses.map((address) => `http://${address}:2379`),
        );
        assert.deepEqual(
            view.outputs.urls,
            addresses.map((address) => `http://${address}:${port}`),
        );
        assert.deepEqual(view.outputs.services, [{ name: "hello", instances: 3 }]);
    });

    step("the ssh_config of the outputs serves OpenSSH", async () => {
        const { sshConfig, sshPrivateKey } = await stack.rawOutputs();
        writeFileSync(join(stack.folder, "ssh_config"), String(sshConfig));
        writeFileSync(join(stack.folder, "life.key"), String(sshPrivateKey), { mode: 0o600 });
        const args = ["-F", "ssh_config", "-o", "BatchMode=yes", "life-2", "hostname"];
        const name = await succeed("ssh", args, { directory: stack.folder });
        assert.equal(name, "life-2\n");
    });

    step("the private key is in no state, user-data, log or journal in plain text", async () => {
        const { sshPrivateKey } = await stack.rawOutputs();
        // Lines of the key as such, and as JSON and base64 would have them.
        const lines = String(sshPrivateKey).split("\n");
        const secret = lines.slice(2, 5).filter((line) => line.length > 50);
        assert.ok(secret.length > 0);
        const wide = secret.map((line) => Buffer.from(line).toString("base64").slice(0, 40));
        const places = (await stack.networks()).map(networkDirectory);
        const files = [...filesBelow(stack.backend), ...places.flatMap(filesBelow)];
        assert.ok(files.some((file) => file.endsWith("/test.json")));
        assert.ok(files.some((file) => file.endsWith("user_data")));
        const texts = files.map((file) => readFileSync(file, "latin1"));
        for (const machine of view.machines) {
            texts.push(await view.ssh(machine, "sudo journalctl --no-pager"));
        }
        for (const text of [...texts, stack.transcript]) {
            assert.ok(![...secret, ...wide].some((piece) => text.includes(piece)));
        }
    });

    step("no change: the preview says so with no network, and an up changes nothing", async () => {
        const lonely = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"];
        await stack.succeed(["preview", "--expect-no-changes"], lonely);
        const output = await stack.succeed([
            "up",
            "--yes",
            "--skip-preview",
            "--expect-no-changes",
        ]);
        assert.match(output, /\d+ unchanged/);
    });

    step("one line of the unit changed: the preview shows it, and up rolls it", async () => {
        stack.edit("GREETING=hello", "GREETING=servus");
        const output = await stack.succeed(["preview", "--diff"]);
        const changed = output
            .split("\n")
            .map((line) => line.trim())
            .filter((line) => /^[+-] .*=/.test(line));
        assert.deepEqual(changed, [
            "- Environment=GREETING=hello",
            "+ Environment=GREETING=servus",
        ]);
        greeting = "servus";
        await stack.up();
        await assertWell(view, { units, greeting });
    });

    step("three instances to two, and back", async () => {
        stack.edit("instances: 3", "instances: 2");
        await stack.up();
        await assertWell(view, { units: units.slice(0, 2), greeting });
        assert.deepEqual((await stack.outputs()).services, [{ name: "hello", instances: 2 }]);
        stack.edit("instances: 2", "instances: 3");
        await stack.up();
        await assertWell(view, { units, greeting });
    });

    step("one machine rebooted: everything comes back by itself", async () => {
        const boot = await bootOf("life-2");
        await view.orderAndLose("life-2", "sudo reboot");
        await eventually("life-2 to boot again", async () => {
            assert.notEqual(await bootOf("life-2"), boot);
        });
        await eventuallyWell(view, { units, greeting });
    });

    step("all machines rebooted at once: everything comes back by itself", async () => {
        const boots = await Promise.all(view.machines.map(bootOf));
        await Promise.all(view.machines.map((name) => view.orderAndLose(name, "sudo reboot")));
        await eventually("all to boot again", async () => {
            const now = await Promise.all(view.machines.map(bootOf));
            assert.ok(now.every((boot, index) => boot !== boots[index]));
        });
        await eventuallyWell(view, { units, greeting });
    });

    step("a machine powered off: refresh sees it, and up starts it on its own disk", async () => {
        const before = view.outputs.machines;
        await view.etcdctl("put", "kept", "through a power-off");
        await view.ssh("life-3", "echo kept > kept");
        await view.orderAndLose("life-3", "sudo poweroff");
        await eventually("life-3 to be seen as stopped", async () => {
            await stack.succeed(["refresh", "--yes", "--skip-preview"]);
            assert.deepEqual(await stack.stopped(), ["life-3"]);
        });
        await stack.up();
        assert.deepEqual(await stack.stopped(), []);
        view = new ClusterView(await stack.outputs());
        assert.deepEqual(view.outputs.machines, before);
        assert.equal(await view.ssh("life-3", "cat kept"), "kept");
        assert.equal(await view.ssh("life-3", "cat /etc/machine-id"), before[2]?.machineId);
        assert.equal(await keptOn(view, "life-3"), "through a power-off");
        await eventuallyWell(view, { units, greeting });
    });

    step("the host crashed: refresh and up bring everything back, with etcd's data", async () => {
        const before = view.outputs.machines;
        await view.etcdctl("put", "kept", "through a crash");
        for (const network of await stack.networks()) {
            await crash(network);
        }
        await stack.succeed(["refresh", "--yes", "--skip-preview"]);
        assert.deepEqual(await stack.stopped(), view.machines);
        await stack.up();
        view = new ClusterView(await stack.outputs());
        assert.deepEqual(view.outputs.machines, before);
        await eventuallyWell(view, { units, greeting });
        assert.equal(await keptOn(view, "life-1"), "through a crash");
        await stack.succeed(["preview", "--expect-no-changes"]);
    });

    step("destroy leaves nothing", async () => {
        assert.notDeepEqual(await residue.left(), []);
        await stack.succeed(["destroy", "--yes", "--skip-preview"]);
        assert.deepEqual(await residue.left(), []);
    });
});

/** The value of the key `kept` as that machine's own member has it. */
async function keptOn(view: ClusterView, machine: string): Promise<string> {
    const command = "/opt/bin/etcdctl get kept --print-value-only --consistency=s";
    return view.ssh(machine, `ETCDCTL_API=3 ${command}`);
}

function filesBelow(folder: string): string[] {
    return execFileSync("find", [folder, "-xdev", "-type", "f", "-not", "-path", "*/upper/usr/*"], {
        encoding: "utf8",
        maxBuffer: 64 * 1024 * 1024,
    })
        .split("\n")
        .filter((file) => file !== "");
}
