/** A cluster whose addresses nobody knows beforehand, and that bootstraps by a token all the same. */
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { readToken } from "../../lib/clients/index.js";
import { SimulatedCloud } from "../../lib/testing/index.js";
import { assertWell, ClusterView, eventuallyWell } from "./support/cluster-view.js";
import { helloCluster, port } from "./support/program.js";
import { Residue } from "./support/residue.js";
import { eventually, steps } from "./support/steps.js";
import { accountFolder, TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";
const greeting = "hello";
const units = [1, 2, 3, 4].map((number) => `hello@${number}.service`);

/** The endpoint: an etcd on a droplet that is no part of the cluster, at its public address. */
const directory = `#cloud-config
coreos:
  units:
    - name: etcd-directory.service
      command: start
      content: |
        [Service]
        ExecStart=/opt/bin/etcd --data-dir=/var/lib/etcd-directory --enable-v2 --listen-client-urls=http://$public_ipv4:4001 --advertise-client-urls=http://$public_ipv4:4001
        StateDirectory=etcd-directory
`;

const surroundings = `const { CustomImage } = require("@pulumi/digitalocean/customImage");
const { Droplet } = require("@pulumi/digitalocean/droplet");
const { SshKey } = require("@pulumi/digitalocean/sshKey");
const { Vpc } = require("@pulumi/digitalocean/vpc");
const region = "sgp1";
const vpc = new Vpc("net", { name: "token-net", region });
const { imageId } = new CustomImage("flatcar", {
    name: "flatcar",
    url: "https://images.example/flatcar.bin.bz2",
    regions: [region],
});
const key = new coreos.SshKey("directory-key", { comment: "directory" });
const { id } = new SshKey("directory-key", { name: "directory", publicKey: key.publicKey });
const directory = new Droplet("directory", {
    ...{ name: "directory", image: imageId.apply(String), region, size: "s-1vcpu-1gb" },
    ...{ vpcUuid: vpc.id, sshKeys: [id], dropletAgent: false, ipv6: false, monitoring: false },
    userData: ${JSON.stringify(directory)},
});
const endpoint = pulumi.interpolate\`http://\${directory.ipv4Address}:4001/v2/keys\`;
const token = new coreos.DiscoveryToken("first", { size: 3, endpoint });
exports.discovery = token.url;
`;

function program(): string {
    const text = helloCluster(
        "token",
        {
            members: { count: 3, expose: [port] },
            workers: { web: { count: 1, expose: [port] } },
        },
        { instances: 4 },
        { name: "DigitalOcean", from: "pulumi-coreos/digitalocean", args: { region: "sgp1" } },
    );
    const begin = text.indexOf("const cluster =");
    // Its arguments may span lines.
    const [line] = /^ {4}platform: [^;]*?\),$/m.exec(text) ?? [];
    const platform =
        'new (require("pulumi-coreos/digitalocean").DigitalOcean)("ocean", { region, vpc: { id: vpc.id }, image: { id: imageId } })';
    const wanted = `platform: ${platform}, bootstrap: { discovery: token },`;
    assert.ok(line !== undefined, text);
    return text.slice(0, begin) + surroundings + text.slice(begin).replace(line, wanted);
}

describe("a cluster on the simulated DigitalOcean that bootstraps by a token", { skip }, () => {
    const step = steps();
    let residue: Residue;
    let cloud: SimulatedCloud;
    let stack: TestStack;
    let view: ClusterView;
    let url: string;

    before(async () => {
        stack = await TestStack.create("pulumi-coreos-token", program(), async (folder) => {
            cloud = await SimulatedCloud.open("digitalocean", accountFolder(folder));
            return { plugins: cloud.plugins };
        });
        residue = new Residue();
    });

    after(() => stack.dispose());

    const soon = () => ({ deadline: Date.now() + 10_000 });

    step("comes up: members by the token, workers by the list of members", async () => {
        await stack.up();
        await residue.mark(await stack.networks());
        view = new ClusterView(await stack.outputs());
        url = String((await stack.rawOutputs())["discovery"]);
        await assertWell(view, { units, greeting });
        const state = await readToken(url, soon());
        const names = state?.members.map(({ name }) => name).sort();
        assert.deepEqual(names, ["token-1", "token-2", "token-3"]);
        const unit = (machine: string) => view.ssh(machine, "systemctl cat etcd.service");
        assert.ok((await unit("token-1")).includes(` discovery=${url}\n`));
        assert.doesNotMatch(await unit("token-web-1"), /discovery/);
        await stack.succeed(["preview", "--expect-no-changes"]);
    });

    step("takes another worker when the token has gone", async () => {
        const answer = await fetch(`${url}?recursive=true`, { method: "DELETE" });
        assert.equal(answer.status, 200);
        stack.edit('"web": {\n            "count": 1', '"web": {\n            "count": 2');
        await stack.up();
        view = new ClusterView(await stack.outputs());
        assert.ok(view.machines.includes("token-web-2"));
        await eventuallyWell(view, { units, greeting });
    });

    step("comes back after all its machines were rebooted", async () => {
        const bootOf = (machine: string) =>
            view.ssh(machine, "systemctl show --value --property=UserspaceTimestampMonotonic");
        const boots = await Promise.all(view.machines.map(bootOf));
        await Promise.all(view.machines.map((name) => view.orderAndLose(name, "sudo reboot")));
        await eventually("all to boot again", async () => {
            const now = await Promise.all(view.machines.map(bootOf));
            assert.ok(now.every((boot, index) => boot !== boots[index]));
        });
        await eventuallyWell(view, { units, greeting });
    });

    step("leaves nothing behind", async () => {
        await stack.succeed(["destroy", "--yes", "--skip-preview"]);
        await eventually("everything to be gone", async () => {
            assert.deepEqual(await residue.left(), []);
        });
    });
});
