import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { assertWell, ClusterView } from "./support/cluster-view.js";
import { helloCluster, port } from "./support/program.js";
import { SteadyClient } from "./support/steady-client.js";
import { eventually, steps } from "./support/steps.js";
import { TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";
const units = ["hello@1.service", "hello@2.service", "hello@3.service"];

describe("a service under load", { skip }, () => {
    const step = steps();
    let stack: TestStack;
    let view: ClusterView;

    before(async () => {
        const members = { count: 3, expose: [port] };
        const program = helloCluster("rolling", { members }, { instances: 3 });
        stack = await TestStack.create("pulumi-coreos-e2e", program);
        stack.edit(
            "    instances: 3,",
            '    instances: 3,\n    rollout: { parallel: 1 },\n    check: { http: { port: 8080, path: "/" } },',
        );
        stack.edit(
            "});\nexports.machines",
            '}, { customTimeouts: { update: "40s" } });\nexports.machines',
        );
        await stack.up();
        view = new ClusterView(await stack.outputs());
        await assertWell(view, { units, greeting: "hello" });
    });

    after(() => stack.dispose());

    step("not one request fails while all instances are replaced", async () => {
        stack.edit("GREETING=hello", "GREETING=welcome");
        const client = new SteadyClient(view.outputs.urls);
        await stack.up();
        const { answers, refusals, failures } = await client.stop();
        assert.deepEqual(failures, []);
        assert.deepEqual([...answers.keys()], ["hello", "welcome"]);
        assert.ok(refusals > 0, "each instance was away for a moment");
        await assertWell(view, { units, greeting: "welcome" });
    });

    step("nor while a text is tried that does not work, two at once, and taken back", async () => {
        stack.edit("rollout: { parallel: 1 }", 'rollout: { parallel: 2, onFailure: "revert" }');
        stack.edit("GREETING=welcome", "GREETING=no");
        stack.edit('path: "/"', 'path: "/", }, command: "test %i != 3", tcp: { port: 8080');
        const client = new SteadyClient(view.outputs.urls);
        const { code, output } = await stack.pulumi(["up", "--yes", "--skip-preview"]);
        const { answers, failures } = await client.stop();
        assert.notEqual(code, 0, output);
        assert.match(
            output,
            /hello@3\.service runs on rolling-\d, but its check fails for \d+ s: "test 3 != 3" ended with 1/,
        );
        assert.match(output, /hello@1\.service was given its old text back/);
        assert.deepEqual(failures, []);
        assert.ok((answers.get("no") ?? 0) > 0, "it was tried");
        await assertWell(view, { units, greeting: "welcome" });
    });

    step("a good text is rolled out after that", async () => {
        stack.edit(' command: "test %i != 3",', "");
        await stack.up();
        await assertWell(view, { units, greeting: "no" });
        await stack.succeed(["preview", "--expect-no-changes"]);
    });

    step("what fleetctl did to it is seen by refresh, and put right by up", async () => {
        await view.fleetctl("stop", "--no-block", "hello@1.service");
        await view.fleetctl("destroy", "hello@2.service");
        const text = await view.fleetctl("cat", "hello@3.service");
        const file = join(stack.folder, "hello@3.service");
        writeFileSync(file, text.replace("GREETING=no", "GREETING=byhand"));
        await view.fleetctl("start", "--no-block", "--replace", file);
        await eventually("the change by hand to run", async () => {
            const greetings = (await view.answers()).map(({ greeting }) => greeting);
            assert.deepEqual(greetings, ["byhand"]);
        });
        const told = await stack.succeed(["refresh", "--yes", "--skip-preview"]);
        for (const line of [
            "hello@1.service: fleet was told to have it loaded, not launched",
            "hello@2.service: fleet does not have it any more",
            "hello@3.service: its text was changed",
        ]) {
            assert.ok(told.includes(line), told);
        }
        await stack.up();
        await assertWell(view, { units, greeting: "no" });
        await stack.succeed(["preview", "--expect-no-changes"]);
    });

    step("of two runs at once the second is told that the first has the lock", async () => {
        stack.edit("GREETING=no", "GREETING=twice");
        const first = stack.up();
        const locks = join(stack.backend, "locks");
        await eventually("the first to hold the lock", async () => {
            const files = readdirSync(locks, { recursive: true }).map(String);
            assert.ok(files.some((file) => file.endsWith(".json")));
        });
        const second = await stack.pulumi(["up", "--yes", "--skip-preview"]);
        assert.notEqual(second.code, 0);
        assert.match(second.output, /currently locked by 1 lock/);
        await first;
        await assertWell(view, { units, greeting: "twice" });
    });
});
