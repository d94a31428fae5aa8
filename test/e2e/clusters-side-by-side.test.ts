import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { assertWell, ClusterView, etcdctl, get } from "./support/cluster-view.js";
import { bareCluster, helloCluster, port } from "./support/program.js";
import { Residue } from "./support/residue.js";
import { steps } from "./support/steps.js";
import { TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";
const expected = { units: ["hello@1.service", "hello@2.service"], greeting: "hello" };

describe("clusters side by side", { skip }, () => {
    const step = steps();
    const stacks: TestStack[] = [];
    let residue: Residue;
    let web: ClusterView;
    let store: ClusterView;

    const open = async (name: string, program: string): Promise<TestStack> => {
        const stack = await TestStack.create(name, program);
        stacks.push(stack);
        return stack;
    };
    const view = async (stack: TestStack): Promise<ClusterView> => {
        await stack.up();
        await residue.mark(await stack.networks());
        return new ClusterView(await stack.outputs());
    };
    let webStack: TestStack;
    let storeStack: TestStack;

    before(async () => {
        const workers = { web: { count: 2, metadata: { role: "web" }, expose: [port] } };
        webStack = await open(
            "pulumi-coreos-e2e-web",
            helloCluster(
                "shop",
                { members: { count: 1 }, workers },
                { instances: 2, metadata: "role=web" },
            ),
        );
        storeStack = await open(
            "pulumi-coreos-e2e-store",
            bareCluster("shop", { members: { count: 1 }, fleet: false }),
        );
        // Not before: what a killed run of the tests left is gone now.
        residue = new Residue();
    });

    after(async () => {
        for (const stack of stacks) {
            await stack.dispose();
        }
    });

    step("two stacks come up at the same time", async () => {
        [web, store] = await Promise.all([view(webStack), view(storeStack)]);
        assert.deepEqual(web.machines, ["shop-1", "shop-web-1", "shop-web-2"]);
        assert.deepEqual(store.machines, ["shop-1"]);
    });

    step("a service is placed on the workers by their metadata", async () => {
        await assertWell(web, expected);
        const machines = (await web.units()).map(({ machine }) => machine);
        assert.deepEqual(machines.sort(), ["shop-web-1", "shop-web-2"]);
        const listed = await web.fleetctl("list-machines", "--no-legend", "--fields=ip,metadata");
        assert.deepEqual(
            listed
                .trim()
                .split("\n")
                .map((line) => line.trim().split(/\s+/))
                .sort(),
            [
                [web.address("shop-1"), "-"],
                [web.address("shop-web-1"), "role=web"],
                [web.address("shop-web-2"), "role=web"],
            ].sort(),
        );
        assert.deepEqual(web.outputs.etcdEndpoints, [`http://${web.address("shop-1")}:2379`]);
    });

    step("a worker's proxy serves etcd's v2 keys and health", async () => {
        const worker = `http://${web.address("shop-web-2")}:2379`;
        const member = `http://${web.address("shop-1")}:2379`;
        assert.match((await get(`${worker}/health`)) ?? "", /"health":\s*"true"/);
        await etcdctl("2", worker, "set", "/through-the-proxy", "yes");
        assert.equal(await etcdctl("2", member, "get", "/through-the-proxy"), "yes\n");
    });

    step("etcd alone, without fleet", async () => {
        await store.etcdctl("endpoint", "health");
        await store.etcdctl("put", "whose", "store");
        await web.etcdctl("put", "whose", "web");
        const value = await store.etcdctl("get", "whose", "--print-value-only");
        assert.equal(value, "store\n");
        const fleet = "systemctl list-units --all --no-legend 'fleet*'; pgrep -x fleetd || true";
        assert.equal(await store.ssh("shop-1", fleet), "");
    });

    step("machines reach their own cluster, and not the other one", async () => {
        const ask = (address: string): string =>
            `curl -s --max-time 3 http://${address}:2379/health || echo unreachable`;
        const [here, there] = [web.address("shop-web-1"), store.address("shop-1")];
        assert.match(await web.ssh("shop-1", ask(here)), /true/);
        assert.equal(await web.ssh("shop-1", ask(there)), "unreachable");
        assert.equal(await store.ssh("shop-1", ask(here)), "unreachable");
    });

    step("one destroyed leaves the other alone, both leave nothing", async () => {
        await storeStack.succeed(["destroy", "--yes", "--skip-preview"]);
        await assertWell(web, expected);
        await webStack.succeed(["destroy", "--yes", "--skip-preview"]);
        assert.deepEqual(await residue.left(), []);
    });
});
