import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { CheckoutStack } from "./support/checkout-stack.js";
import { assertWell, ClusterView } from "./support/cluster-view.js";
import { processesOf, randomNumbers, runAndKill, type Victim } from "./support/kill.js";
import { Residue } from "./support/residue.js";
import { eventually, steps } from "./support/steps.js";

const skip = process.getuid?.() === 0 ? false : "needs root";
const expected = {
    units: ["hello@1.service", "hello@2.service", "hello@3.service"],
    greeting: "hello",
};

/** Another first seed gives other moments: PULUMI_COREOS_SEED=42 npm test killed-start. */
const firstSeed = Number(process.env["PULUMI_COREOS_SEED"] ?? 1);

interface Round {
    readonly victim: Victim;
    /** From when the moment is counted: the command's start, or the first thing made on this host. */
    readonly since: "start" | "network";
    /** What comes after the killed start. */
    readonly next: "start" | "destroy";
    /** Whether the destroy at the end is killed once too. */
    readonly destroyKilled?: boolean;
}

const rounds: readonly Round[] = [
    { victim: "everything", since: "network", next: "start" },
    { victim: "everything", since: "network", next: "destroy" },
    { victim: "pulumi", since: "network", next: "start", destroyKilled: true },
    { victim: "the command", since: "start", next: "start" },
];

describe("npm start, killed at a random moment", { skip }, () => {
    const step = steps();
    const stack = new CheckoutStack("local-e2e-killed");
    let residue: Residue;

    before(async () => {
        // A run of the tests that was killed itself may have left some of it.
        await stack.run("destroy");
        residue = new Residue();
    });

    after(() => stack.dispose());

    const startAgain = async (): Promise<void> => {
        const shown = await stack.succeed("start");
        await residue.mark(await stack.networks());
        const view = new ClusterView(await stack.outputs());
        await assertWell(view, expected);
        for (const url of view.outputs.urls) {
            assert.ok(shown.includes(`curl ${url}`), shown);
        }
        assert.deepEqual(stack.unfinished(), []);
        assert.notDeepEqual(await residue.left(), []);
    };

    const destroy = async (): Promise<void> => {
        await stack.succeed("destroy");
        await eventually("all processes to end", async () => {
            const left = processesOf(stack).map(({ command }) => command.join(" "));
            assert.deepEqual(left, []);
        });
        assert.deepEqual(stack.unfinished(), []);
        assert.deepEqual(await stack.networks(), []);
        assert.deepEqual(await residue.left(), []);
    };

    /** Ends when this host has the stack's network on record, or at the latest when the limit ends it. */
    const networkMade = (): Promise<void> =>
        eventually("the network's record", async () => {
            const networks = await stack.networks();
            assert.notDeepEqual(networks, []);
            await residue.mark(networks);
        });

    step("killed when the state does not yet know of the network: destroy removes it", async () => {
        await runAndKill(stack, "start", "everything", networkMade());
        await destroy();
    });

    for (const [index, { victim, since, next, destroyKilled = false }] of rounds.entries()) {
        const seed = firstSeed + index;
        const random = randomNumbers(seed);
        const early = since === "start" ? 500 + random() * 8_500 : random() * 5_000;
        const late = 500 + random() * 4_500;
        const origin = since === "start" ? "" : " after the first thing was made";
        const start = `start: ${victim} killed ${Math.round(early)} ms${origin}, then ${next}`;

        step(`seed ${seed}: ${start}`, async () => {
            const begin = since === "start" ? Promise.resolve() : networkMade();
            await runAndKill(
                stack,
                "start",
                victim,
                begin.then(() => delay(early)),
            );
            await residue.mark(await stack.networks());
            if (next === "start") {
                await startAgain();
            }
        });

        if (index === 0) {
            step("the commands serve a stack that was recovered", async () => {
                const preview = await stack.run("preview", "--", "--expect-no-changes");
                assert.equal(preview.code, 0, preview.output);
                assert.equal(await stack.succeed("ssh", "demo-2", "hostname"), "demo-2\n");
                const machines = await stack.succeed("fleetctl", "list-machines", "--no-legend");
                assert.equal(machines.trim().split("\n").length, 3);
                assert.match(await stack.succeed("etcdctl", "member", "list"), /, demo-3, /);
                assert.match(await stack.succeed("logs", "hello@1"), /Started.*hello 1/);
                assert.match(await stack.succeed("status"), /hello@3\.service +demo-\d +active/);
            });
        }

        const end = destroyKilled
            ? `destroy: ${victim} killed after ${Math.round(late)} ms, then destroy`
            : "destroy";
        step(`seed ${seed}: ${end} leaves nothing`, async () => {
            if (destroyKilled) {
                await runAndKill(stack, "destroy", victim, delay(late));
            }
            await destroy();
        });
    }
});
