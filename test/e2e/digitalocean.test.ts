import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
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
const args = { region: "sgp1", reservedAddresses: ["web"], loadBalancers: ["web"] };

describe("a cluster on the simulated DigitalOcean", { skip }, () => {
    const step = steps();
    let residue: Residue;
    let cloud: SimulatedCloud;
    let stack: TestStack;
    let view: ClusterView;

    const ids = async (ofWorkers: boolean) =>
        (await cloud.list("droplets"))
            .filter(({ name }) => String(name).includes("-web-") === ofWorkers)
            .map(({ id }) => id);
    const look = async () => {
        view = new ClusterView(await stack.outputs());
        await eventuallyWell(view, { units, greeting });
    };

    before(async () => {
        const note = { name: "note.service", content: "[Service]\nExecStart=/bin/echo one\n" };
        const web = { count: 1, metadata: { role: "web" }, expose: [port], units: [note] };
        const program = helloCluster(
            "ocean",
            { members: { count: 3, expose: [port] }, workers: { web } },
            { instances: 4 },
            { name: "DigitalOcean", from: "pulumi-coreos/digitalocean", args },
        );
        stack = await TestStack.create("pulumi-coreos-ocean", program, async (folder) => {
            cloud = await SimulatedCloud.open("digitalocean", accountFolder(folder));
            return { plugins: cloud.plugins };
        });
        residue = new Residue();
    });

    after(() => stack.dispose());

    step("up: etcd, fleet and the service are there, by a list that was delivered", async () => {
        await stack.up();
        view = new ClusterView(await stack.outputs());
        await residue.mark(await stack.networks());
        await assertWell(view, { units, greeting });
        const droplets = await cloud.list("droplets");
        const [reserved] = await cloud.list("reserved-ips");
        const addresses = droplets.map(({ name, ipv4AddressPrivate, ipv4Address }) => {
            const publicIp = name === "ocean-web-1" ? reserved?.id : ipv4Address;
            return [name, ipv4AddressPrivate, publicIp];
        });
        assert.deepEqual(
            view.outputs.machines.map((one) => [one.name, one.privateIp, one.publicIp]),
            addresses.sort(),
        );
        assert.deepEqual(
            view.outputs.urls,
            view.outputs.machines.map(({ publicIp }) => `http://${publicIp}:${port}`),
        );
    });

    step(
        "the firewall lets SSH and exposed ports in, and nobody at etcd but the cluster",
        async () => {
            const addresses = view.outputs.machines.flatMap((one) => [
                one.privateIp,
                one.publicIp ?? "",
            ]);
            const open = (at: number) =>
                Promise.all(addresses.map((address) => isOpen(address, at)));
            const all = (answer: boolean) => addresses.map(() => answer);
            assert.deepEqual([await open(22), await open(2379)], [all(true), all(false)]);
            const [first, second] = view.outputs.machines;
            const command = `curl --fail --silent --max-time 5 http://${second?.privateIp}:2379/health`;
            assert.match(await view.ssh(first?.name ?? "", command), /true/);
        },
    );

    step("the load balancer sends requests on to the workers", async () => {
        const [balancer] = await cloud.list("load-balancers");
        const response = await fetch(`http://${balancer?.["ip"]}:${port}/`);
        assert.match(await response.text(), /^hello from hello@\d on ocean-web-1\n$/);
    });

    step("no change: the preview says so with no network but the loopback", async () => {
        const lonely = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"];
        await stack.succeed(["preview", "--expect-no-changes"], lonely);
    });

    step(
        "a changed unit of the workers: the preview shows its line, though a hash is stored",
        async () => {
            const stored = (await cloud.list("droplets")).map(({ userData }) => String(userData));
            assert.ok(stored.every((text) => /^[0-9a-f]{40}$/.test(text)));
            stack.edit("/bin/echo one", "/bin/echo two");
            const output = await stack.succeed(["preview", "--diff"]);
            assert.match(output, /- +ExecStart=\/bin\/echo one/);
            assert.match(output, /\+ +ExecStart=\/bin\/echo two/);
            assert.match(output, /ocean-web-1/);
            assert.doesNotMatch(output, /Droplet::ocean-\d/);
        },
    );

    step("up makes the worker anew, and no member; a second worker beside it", async () => {
        const [members, workers] = [await ids(false), await ids(true)];
        stack.edit('"count": 1', '"count": 2');
        await stack.up();
        await look();
        assert.deepEqual(await ids(false), members);
        const now = await ids(true);
        assert.equal(now.length, 2);
        assert.ok(now.every((id) => !workers.includes(id)));
        const reserved = (await cloud.list("reserved-ips")).map(({ id }) => id);
        const workersAt = view.outputs.machines.slice(3).map(({ publicIp }) => publicIp);
        assert.deepEqual(workersAt.sort(), reserved.sort());
    });

    step(
        "a member is rebooted, then all machines at once: everything comes back, with etcd's data",
        async () => {
            await view.etcdctl("put", "kept", "through-all");
            for (const names of [["ocean-2"], view.machines]) {
                await reboot(view, names);
                await eventuallyWell(view, { units, greeting });
            }
            assert.match(await view.etcdctl("get", "kept"), /through-all/);
        },
    );

    step("one worker fewer: the other one stays", async () => {
        const [members, workers] = [await ids(false), await ids(true)];
        stack.edit('"count": 2', '"count": 1');
        await stack.up();
        await look();
        assert.deepEqual(await ids(false), members);
        const [left, ...others] = await ids(true);
        assert.deepEqual([workers.includes(left ?? ""), others], [true, []]);
        assert.equal((await cloud.list("reserved-ips")).length, 1);
    });

    step("destroy leaves nothing, on this host and in the account", async () => {
        assert.notDeepEqual(await residue.left(), []);
        await stack.succeed(["destroy", "--yes", "--skip-preview"]);
        assert.deepEqual(await residue.left(), []);
        for (const kind of ["droplets", "vpcs", "firewalls", "ssh-keys", "images", "tags"]) {
            // A region's default VPC is the account's, and stays.
            const left = (await cloud.list(kind)).filter((one) => one["default"] !== true);
            assert.deepEqual(left, [], kind);
        }
    });
});
