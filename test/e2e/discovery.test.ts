/** A cluster that bootstraps by a token, made at an etcd that runs on a machine of the same network. */
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { readToken } from "../../lib/clients/index.js";
import { assertWell, ClusterView, eventuallyWell } from "./support/cluster-view.js";
import { helloCluster, port } from "./support/program.js";
import { Residue } from "./support/residue.js";
import { eventually, steps } from "./support/steps.js";
import { TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";
const greeting = "hello";
const units = [1, 2, 3].map((number) => `hello@${number}.service`);
const discoveryPort = 4001;

/** The endpoint: an etcd of its own beside the worker's proxy. The firewall keeps machines away from this host. */
const directory = `[Service]
ExecStart=/opt/bin/etcd --name=directory --data-dir=/var/lib/etcd-directory --enable-v2 \\
    --listen-client-urls=http://$private_ipv4:${discoveryPort} --advertise-client-urls=http://$private_ipv4:${discoveryPort} \\
    --listen-peer-urls=http://127.0.0.1:4002 --initial-advertise-peer-urls=http://127.0.0.1:4002 \\
    --initial-cluster=directory=http://127.0.0.1:4002
StateDirectory=etcd-directory
`;

const shape = { members: { count: 3 }, workers: { directory: { count: 1 } } };

/** The demo on a cluster whose members are made once there is a token, and so once the worker is there. */
function program(): string {
    const args = {
        members: { count: 3, metadata: { role: "member" }, expose: [port] },
        workers: {
            directory: {
                count: 1,
                metadata: { role: "directory" },
                units: [{ name: "etcd-directory.service", content: directory, command: "start" }],
            },
        },
    };
    const service = { instances: 3, metadata: "role=member" };
    const text = helloCluster("token", args, service);
    const begin = text.indexOf("const cluster =");
    const [line = "", platform] = /^ {4}platform: (.*),$/m.exec(text) ?? [];
    assert.ok(platform !== undefined, text);
    const rest = text.slice(begin).replace(line, "platform, bootstrap: { discovery: token },");
    return `${text.slice(0, begin)}
const platform = ${platform};
const machines = ["token-1", "token-2", "token-3", "token-directory-1"].map((name) => ({ name }));
const { addresses } = platform.plan({ name: "token", ...${JSON.stringify(shape)} }, machines);
// Nobody has that address before the worker is there.
let isThere;
const worker = pulumi.output(new Promise((resolve) => (isThere = resolve)));
const url = "http://" + addresses["token-directory-1"] + ":${discoveryPort}/v2/keys";
const endpoint = worker.apply(() => url);
const limits = { customTimeouts: { create: "5m" } };
const token = new coreos.DiscoveryToken("first", { size: 3, endpoint }, limits);
exports.discovery = token.url;
${rest}
isThere(cluster.disks["token-directory-1"]);
`;
}

describe("a cluster that bootstraps by a token", { skip }, () => {
    const step = steps();
    let residue: Residue;
    let stack: TestStack;
    let view: ClusterView;
    let url: string;

    before(async () => {
        stack = await TestStack.create("pulumi-coreos-e2e", program());
        residue = new Residue();
    });
    after(() => stack.dispose());

    const soon = () => ({ deadline: Date.now() + 10_000 });

    step("comes up: its members wait for the token, and find each other by it", async () => {
        await stack.up();
        await residue.mark(await stack.networks());
        view = new ClusterView(await stack.outputs());
        url = String((await stack.rawOutputs())["discovery"]);
        await assertWell(view, { units, greeting });
        const state = await readToken(url, soon());
        assert.deepEqual(state?.members.map(({ name }) => name).sort(), [
            "token-1",
            "token-2",
            "token-3",
        ]);
        const command = (machine: string) => view.ssh(machine, "systemctl cat etcd.service");
        assert.ok((await command("token-2")).includes(` discovery=${url}\n`));
        const worker = await command("token-directory-1");
        assert.match(worker, /--proxy=on/);
        assert.doesNotMatch(worker, /discovery=/);
        await stack.succeed(["preview", "--expect-no-changes"]);
    });

    step("comes back after all its machines were rebooted, though the token is gone", async () => {
        const answer = await fetch(`${url}?recursive=true`, { method: "DELETE" });
        assert.equal(answer.status, 200);
        await view.ssh("token-directory-1", "sudo systemctl disable --now etcd-directory.service");
        const bootOf = (machine: string) =>
            view.ssh(machine, "systemctl show --value --property=UserspaceTimestampMonotonic");
        const boots = await Promise.all(view.machines.map(bootOf));
        await Promise.all(view.machines.map((name) => view.orderAndLose(name, "sudo reboot")));
        await eventually("all to boot again", async () => {
            const now = await Promise.all(view.machines.map(bootOf));
            assert.ok(now.every((boot, index) => boot !== boots[index]));
        });
        await eventuallyWell(view, { units, greeting });
        assert.equal(await readToken(url, soon()), undefined);
    });

    step("keeps its token when that has gone: a refresh and an update change nothing", async () => {
        const refreshed = await stack.succeed(["refresh", "--yes", "--skip-preview"]);
        assert.match(refreshed, /has expired or was removed/);
        await stack.succeed(["preview", "--expect-no-changes"]);
        assert.equal((await stack.rawOutputs())["discovery"], url);
    });

    step("leaves nothing behind", async () => {
        await stack.succeed(["destroy", "--yes", "--skip-preview"]);
        await eventually("everything to be gone", async () => {
            assert.deepEqual(await residue.left(), []);
        });
    });
});
