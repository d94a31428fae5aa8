import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { gunzipSync } from "node:zlib";
import { SimulatedCloud } from "../../lib/testing/index.js";
import { assertWell, ClusterView, eventuallyWell } from "./support/cluster-view.js";
import { isOpen } from "./support/is-open.js";
import { helloCluster, port } from "./support/program.js";
import { reboot } from "./support/reboot.js";
import { Residue } from "./support/residue.js";
import { steps } from "./support/steps.js";
import { accountFolder, TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";
const units = ["hello@1.service", "hello@2.service", "hello@3.service", "hello@4.service"];
const greeting = "hello";
const args = {
    vpc: { cidr: "10.131.64.0/20" },
    policies: { web: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"] },
    loadBalancers: ["web"],
    etcdVolume: { size: 1 },
};

describe("a cluster on the simulated AWS", { skip }, () => {
    const step = steps();
    let residue: Residue;
    let cloud: SimulatedCloud;
    let stack: TestStack;
    let view: ClusterView;

    const ids = async (ofWorkers: boolean) => {
        const all = await cloud.list("instances");
        return all
            .filter(({ tags }) => JSON.stringify(tags).includes("-web-") === ofWorkers)
            .map(({ id }) => id);
    };
    const look = async () => {
        view = new ClusterView(await stack.outputs());
        await eventuallyWell(view, { units, greeting });
    };
    before(async () => {
        const note = { name: "note.service", content: "[Service]\nExecStart=/bin/echo one\n" };
        const web = { count: 1, metadata: { role: "web" }, expose: [port], units: [note] };
        const program = helloCluster(
            "nile",
            { members: { count: 3, expose: [port] }, workers: { web } },
            { instances: 4 },
            { name: "Aws", from: "pulumi-coreos/aws", args },
        );
        stack = await TestStack.create("pulumi-coreos-nile", program, async (folder) => {
            cloud = await SimulatedCloud.open("aws", accountFolder(folder));
            return { plugins: cloud.plugins };
        });
        residue = new Residue();
    });

    after(() => stack.dispose());

    step("the first preview knows every member's address, and makes nothing", async () => {
        const output = await stack.succeed(["preview", "--json"]);
        const list = [1, 2, 3].map((n) => `nile-${n}=http://10.131.${60 + 4 * n}.10:2380`);
        assert.ok(output.includes(` members=${list.join(",")}`));
        assert.deepEqual(await cloud.list("vpcs"), []);
    });

    step(
        "up: etcd, fleet and the service are there, at the addresses that were chosen",
        async () => {
            await stack.up();
            view = new ClusterView(await stack.outputs());
            await residue.mark(await stack.networks());
            await assertWell(view, { units, greeting });
            const { machines, urls } = view.outputs;
            const zones = (await cloud.list("instances")).map((one) => one["availabilityZone"]);
            assert.equal(new Set(zones).size, 3);
            assert.deepEqual(
                urls,
                machines.map(({ publicIp }) => `http://${publicIp}:${port}`),
            );
            for (const { name, privateIp } of machines) {
                const hostname = await view.ssh(name, "hostname; ip -4 -o address show host0");
                assert.ok(hostname.startsWith(`${name}\n`) && hostname.includes(` ${privateIp}/`));
            }
        },
    );

    step("SSH and exposed ports are let in, and nobody at etcd but the cluster", async () => {
        const addresses = view.outputs.machines.flatMap((one) => [
            one.privateIp,
            one.publicIp ?? "",
        ]);
        const open = (at: number) => Promise.all(addresses.map((address) => isOpen(address, at)));
        const all = (answer: boolean) => addresses.map(() => answer);
        assert.deepEqual([await open(22), await open(2379)], [all(true), all(false)]);
    });

    step("the load balancer sends requests on to the workers", async () => {
        const [balancer] = await cloud.list("load-balancers");
        const response = await fetch(`http://${balancer?.["address"]}:${port}/`);
        assert.match(await response.text(), /^hello from hello@\d on nile-web-1\n$/);
    });

    step("no change: the preview says so with no network but the loopback", async () => {
        const lonely = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"];
        await stack.succeed(["preview", "--expect-no-changes"], lonely);
    });

    step(
        "a changed unit of the workers: the preview shows its line, though gzip is stored",
        async () => {
            for (const { userDataBase64 } of await cloud.list("instances")) {
                const text = gunzipSync(Buffer.from(String(userDataBase64), "base64")).toString();
                assert.match(text, /^#cloud-config\n/);
            }
            stack.edit("/bin/echo one", "/bin/echo two");
            const output = await stack.succeed(["preview", "--diff"]);
            assert.match(output, /- +ExecStart=\/bin\/echo one/);
            assert.match(output, /\+ +ExecStart=\/bin\/echo two/);
            assert.match(output, /Instance::nile-web-1/);
            assert.doesNotMatch(output, /Instance::nile-\d/);
        },
    );

    step(
        "up makes the worker anew at its address, and no member; a second worker beside it",
        async () => {
            const [members, workers] = [await ids(false), await ids(true)];
            const before = view.outputs.machines.map(({ privateIp }) => privateIp);
            stack.edit('"count": 1', '"count": 2');
            await stack.up();
            await look();
            assert.deepEqual(await ids(false), members);
            assert.ok((await ids(true)).every((id) => !workers.includes(id)));
            const now = view.outputs.machines.map(({ privateIp }) => privateIp);
            assert.deepEqual(now.slice(0, 4), before);
            assert.equal(now.length, 5);
        },
    );

    step(
        "a member is rebooted, then all machines at once: everything comes back, with etcd's data",
        async () => {
            await view.etcdctl("put", "kept", "through-all");
            for (const names of [["nile-2"], view.machines]) {
                await reboot(view, names);
                await eventuallyWell(view, { units, greeting });
            }
            assert.match(await view.etcdctl("get", "kept"), /through-all/);
        },
    );

    step(
        "another instance in a member's place has its address, its volume, and so its membership; one worker fewer",
        async () => {
            const mount = await view.ssh("nile-1", "findmnt --noheadings /var/lib/etcd");
            assert.match(mount, /^\/var\/lib\/etcd +\/dev\/disk\/by-label\/etcd +ext4/);
            const [members, workers] = [await ids(false), await ids(true)];
            const scope = "pulumi-coreos:index:Cluster$aws:ec2/instance:Instance";
            const urn = `urn:pulumi:test::pulumi-coreos-nile::${scope}::nile-1`;
            stack.edit('"count": 2', '"count": 1');
            await stack.succeed(["up", "--yes", "--skip-preview", "--replace", urn]);
            await look();
            const now = await ids(false);
            assert.equal(now.length, 3);
            assert.equal(members.filter((id) => !now.includes(id)).length, 1);
            const [left, ...others] = await ids(true);
            assert.deepEqual([workers.includes(left ?? ""), others], [true, []]);
            const known = await view.ssh("nile-1", "/opt/bin/etcdctl member list");
            assert.equal(known.match(/started/g)?.length, 3);
            assert.match(await view.ssh("nile-1", "/opt/bin/etcdctl get kept"), /through-all/);
        },
    );

    step("destroy leaves nothing, on this host and in the account", async () => {
        assert.notDeepEqual(await residue.left(), []);
        await stack.succeed(["destroy", "--yes", "--skip-preview"]);
        assert.deepEqual(await residue.left(), []);
        const kinds = ["instances", "vpcs", "subnets", "security-groups", "key-pairs", "roles"];
        for (const kind of [...kinds, "load-balancers", "target-groups", "internet-gateways"]) {
            assert.deepEqual(await cloud.list(kind), [], kind);
        }
    });
});
