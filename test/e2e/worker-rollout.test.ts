import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { SimulatedCloud } from "../../lib/testing/index.js";
import { ClusterView, eventuallyWell } from "./support/cluster-view.js";
import { helloCluster, port } from "./support/program.js";
import { SteadyClient } from "./support/steady-client.js";
import { steps } from "./support/steps.js";
import { accountFolder, TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";
const args = { region: "sgp1", reservedAddresses: ["web"] };
const greeting = "hello";
const units = ["hello@1.service", "hello@2.service"];

describe("workers on a cloud that are made anew one by one", { skip }, () => {
    const step = steps();
    let cloud: SimulatedCloud;
    let stack: TestStack;
    let view: ClusterView;

    const droplets = async () =>
        (await cloud.list("droplets"))
            .map(({ name, id }) => [String(name), id] as const)
            .sort(([one], [other]) => one.localeCompare(other));

    /** When a unit, or a machine itself, came up; one clock counts for all. */
    const cameUp = async (machine: string, unit?: string): Promise<number> => {
        const property =
            unit === undefined ? "UserspaceTimestampMonotonic" : "ActiveEnterTimestampMonotonic";
        const of = unit === undefined ? "" : ` -- ${unit}`;
        return Number(
            await view.ssh(machine, `systemctl show --value --property=${property}${of}`),
        );
    };

    before(async () => {
        const note = { name: "note.service", content: "[Service]\nExecStart=/bin/echo one\n" };
        const web = { count: 2, metadata: { role: "web" }, expose: [port], units: [note] };
        const program = helloCluster(
            "reef",
            { members: { count: 1 }, workers: { web: { ...web, rollout: "replace" } } },
            { instances: 2, metadata: "role=web" },
            { name: "DigitalOcean", from: "pulumi-coreos/digitalocean", args },
        );
        stack = await TestStack.create("pulumi-coreos-reef", program, async (folder) => {
            cloud = await SimulatedCloud.open("digitalocean", accountFolder(folder));
            return { plugins: cloud.plugins };
        });
    });

    after(() => stack.dispose());

    step("up: a first start waits for no fleet", async () => {
        await stack.up();
        view = new ClusterView(await stack.outputs());
        await eventuallyWell(view, { units, greeting });
    });

    step("a changed text: each goes once the one before serves, and all are answered", async () => {
        const before = await droplets();
        const client = new SteadyClient(view.outputs.urls);
        stack.edit("/bin/echo one", "/bin/echo two");
        let experience: Awaited<ReturnType<SteadyClient["stop"]>> | undefined;
        try {
            await stack.up();
        } finally {
            experience = await client.stop();
        }
        assert.deepEqual(experience.failures, []);
        assert.ok(experience.refusals > 0, "one went while the other served");
        view = new ClusterView(await stack.outputs());
        await eventuallyWell(view, { units, greeting });
        const now = await droplets();
        const names = ["reef-1", "reef-web-1", "reef-web-2"];
        assert.deepEqual(
            now.map(([name]) => name),
            names,
        );
        const isSame = now.map(([, id], index) => id === before[index]?.[1]);
        assert.deepEqual(isSame, [true, false, false]);
        const [first] = (await view.units()).filter(({ machine }) => machine === "reef-web-1");
        const served = await cameUp("reef-web-1", first?.unit ?? "no unit");
        const booted = await cameUp("reef-web-2");
        assert.ok(served > 0 && served < booted, `${served} before ${booted}`);
    });

    step("no change is left", async () => {
        await stack.succeed(["preview", "--expect-no-changes"]);
    });
});
