import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { readMachineManifest } from "../../lib/platforms/local/manifest.js";
import { machineProcesses } from "../../lib/platforms/local/processes.js";
import { type Answer, ClusterView } from "./support/cluster-view.js";
import { helloCluster, port } from "./support/program.js";
import { eventually, steps } from "./support/steps.js";
import { TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";

describe("machines that die", { skip }, () => {
    const step = steps();
    let stack: TestStack;
    let view: ClusterView;
    let instances = [1, 2, 3, 4];

    before(async () => {
        const args = {
            members: { count: 3, expose: [port] },
            workers: { web: { count: 1, expose: [port] } },
            fleet: { agentTtl: 6, engineReconcileInterval: 1 },
        };
        const program = helloCluster("dying", args, { instances: 4 });
        stack = await TestStack.create("pulumi-coreos-e2e", program);
    });

    after(() => stack.dispose());

    /** Ends a machine as the loss of power does. */
    const kill = async (name: string): Promise<void> => {
        const [network = ""] = await stack.networks();
        const uuid = (await readMachineManifest(network, name))?.uuid ?? "";
        const { init } = await machineProcesses(uuid);
        assert.ok(init, `${name} does not run`);
        process.kill(init.pid, "SIGKILL");
        await eventually(`the processes of ${name} to end`, async () => {
            assert.deepEqual(await machineProcesses(uuid), {});
        });
    };

    /** Every instance answers, each on a machine of its own among those that live. */
    const served = (greeting: string, dead?: string): Promise<Answer[]> =>
        eventually("each instance to answer", async () => {
            const answers = await view.answers(dead);
            const units = answers.map(({ unit }) => unit);
            assert.deepEqual(
                units,
                instances.map((id) => `hello@${id}.service`),
            );
            assert.ok(answers.every((answer) => answer.greeting === greeting));
            assert.ok(answers.every(({ machine }) => machine !== dead));
            return answers;
        });

    step("fleet takes the times that the program gives", async () => {
        await stack.up();
        view = new ClusterView(await stack.outputs());
        const environment = await view.ssh(
            "dying-web-1",
            "systemctl show --value --property=Environment fleet.service",
        );
        assert.match(environment, /FLEET_AGENT_TTL=6s( |$)/);
        assert.match(environment, /FLEET_ENGINE_RECONCILE_INTERVAL=1( |$)/);
        await served("hello");
    });

    step("one machine is left without an instance, and it is not the first", async () => {
        const spare = (await served("hello")).find(({ machine }) => machine === "dying-2");
        const gone = Number(/@(\d)/.exec(spare?.unit ?? "")?.[1]);
        instances = instances.filter((id) => id !== gone);
        stack.edit("instances: 4", `instances: [${instances.join(", ")}]`);
        await stack.up();
        await served("hello", "dying-2");
        assert.equal(view.outputs.connection.hosts[0]?.name, "dying-1");
    });

    step("the machine that Pulumi talks through dies: its instance goes on elsewhere", async () => {
        await kill("dying-1");
        await served("hello", "dying-1");
    });

    step("the move is no change", async () => {
        await stack.succeed(["preview", "--expect-no-changes"]);
        await stack.succeed(["up", "--yes", "--skip-preview", "--expect-no-changes"]);
    });

    step("a change of the service is rolled though that machine is dead", async () => {
        stack.edit("GREETING=hello", "GREETING=servus");
        await stack.up();
        await served("servus", "dying-1");
        await stack.succeed(["preview", "--expect-no-changes"]);
    });

    step("refresh sees that it is gone, and up starts it again", async () => {
        await stack.succeed(["refresh", "--yes", "--skip-preview"]);
        assert.deepEqual(await stack.stopped(), ["dying-1"]);
        await stack.up();
        assert.deepEqual(await stack.stopped(), []);
        assert.deepEqual((await view.fleetMachines()).sort(), [...view.machines].sort());
        await served("servus", "dying-1");
    });

    step("another machine dies: its instance goes to the one that came back", async () => {
        await kill("dying-web-1");
        const answers = await served("servus", "dying-web-1");
        assert.ok(answers.some(({ machine }) => machine === "dying-1"));
        await stack.succeed(["preview", "--expect-no-changes"]);
    });
});
