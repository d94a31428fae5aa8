/** The example with a service for a cluster of another stack, brought up and taken down. */
import assert from "node:assert/strict";
import { appendFileSync, copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { packageRoot } from "../../lib/cli/project.js";
import { ClusterView, get } from "./support/cluster-view.js";
import { Residue } from "./support/residue.js";
import { eventually, steps } from "./support/steps.js";
import { TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";
const example = join(packageRoot, "examples", "app-by-reference");
const greeting = "a word that nobody else knows";
const own = ["own.service"];
const all = ["greeter@1.service", "greeter@2.service", "greeter@3.service", ...own];

/** A service of the cluster's own stack, which is none of the other one's business. */
const ownService = `
new coreos.Service("own", {
    cluster: apps,
    unit: { Service: { ExecStart: "/bin/sleep infinity" } },
});
`;

/** Loads the programs without checking their types, which the preview of each example does. */
const settings = {
    compilerOptions: { target: "es2022", module: "nodenext", skipLibCheck: true },
    "ts-node": { transpileOnly: true },
};

describe("a service on a cluster of another stack", { skip }, () => {
    const step = steps();
    let residue: Residue;
    let stack: TestStack;
    let view: ClusterView;

    before(async () => {
        const project = async (folder: string) => {
            for (const file of readdirSync(example).filter((name) => /\.(ts|sh)$/.test(name))) {
                copyFileSync(join(example, file), join(folder, file));
            }
            appendFileSync(join(folder, "cluster.ts"), ownService);
            writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
            return { runtime: "nodejs", main: "index.ts" };
        };
        stack = await TestStack.create("by-reference", "", project, "local");
        residue = new Residue();
    });

    after(() => stack.dispose());

    const running = async (): Promise<string[]> => {
        const units = await view.units();
        return units.filter(({ active }) => active === "active").map(({ unit }) => unit);
    };

    step(
        "the cluster's stack comes up, and then the other one, whose service answers",
        async () => {
            await stack.up();
            view = new ClusterView(await stack.outputs());
            await residue.mark(await stack.networks());
            await stack.succeed(["stack", "init", "local-app"]);
            await stack.succeed(["config", "set", "--secret", "greeting", greeting]);
            await stack.up();
            await eventually("all units", async () => assert.deepEqual(await running(), all), 40);
            for (const machine of view.machines) {
                assert.equal(await get(`http://${view.address(machine)}:8080`), `${greeting}\n`);
            }
            const { machines, connection } = await stack.outputs();
            assert.deepEqual(machines, view.outputs.machines);
            assert.deepEqual(connection, view.outputs.connection);
        },
    );

    step("neither preview sees a change, and neither state shows a secret", async () => {
        await stack.succeed(["preview", "--expect-no-changes"]);
        await stack.succeed(["preview", "--expect-no-changes", "--stack", "local"]);
        const key = view.outputs.connection.privateKey ?? "";
        const line = key.split("\n")[1] ?? "";
        assert.ok(line.length > 20);
        const states = join(stack.backend, "stacks", "by-reference");
        for (const name of ["local", "local-app"]) {
            const state = readFileSync(join(states, `${name}.json`), "utf8");
            assert.match(state, /"ciphertext"/);
            assert.doesNotMatch(state, new RegExp(greeting));
            assert.ok(!state.includes(line), `the private key is in the state of ${name}`);
        }
    });

    step("a third stack is refused the units of the second", async () => {
        stack.edit(
            '    "local-app": ',
            '    other: () => require("./app"),\n    "local-app": ',
            "index.ts",
        );
        await stack.succeed(["stack", "init", "other"]);
        const { code, output } = await stack.pulumi(["up", "--yes", "--skip-preview"]);
        assert.notEqual(code, 0);
        assert.match(output, /by-reference\/local-app\/apps\/greeter/);
        await stack.succeed(["destroy", "--yes", "--skip-preview"]);
        await eventually("all units", async () => assert.deepEqual(await running(), all), 40);
        assert.equal(await get(`http://${view.address("apps-1")}:8080`), `${greeting}\n`);
    });

    step(
        "destroying the service's stack leaves the cluster and what others run there",
        async () => {
            await stack.succeed(["stack", "select", "local-app"]);
            await stack.succeed(["destroy", "--yes", "--skip-preview"]);
            await eventually("the rest", async () => assert.deepEqual(await running(), own), 40);
            await stack.succeed(["stack", "select", "local"]);
            await stack.succeed(["preview", "--expect-no-changes"]);
            await stack.succeed(["destroy", "--yes", "--skip-preview"]);
            assert.deepEqual(await residue.left(), []);
        },
    );
});
