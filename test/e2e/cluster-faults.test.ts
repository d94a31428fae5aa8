import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { bareCluster } from "./support/program.js";
import { steps } from "./support/steps.js";
import { TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";

/** Seconds for the cluster to become ready, and those that a run may take beyond, on a busy host. */
const limit = 15;
const slack = 45;

/** A run of `up` that was to fail, within its limit: what it printed. */
async function failedUp(stack: TestStack): Promise<string> {
    const begun = Date.now();
    const { code, output } = await stack.pulumi(["up", "--yes", "--skip-preview"]);
    const seconds = (Date.now() - begun) / 1000;
    assert.notEqual(code, 0, output);
    assert.ok(seconds < limit + slack, `it took ${seconds} s:\n${output}`);
    assert.doesNotMatch(output, /^\s+at .*:\d+:\d+\)?$/m, "no stack");
    return output;
}

describe("a machine that powers itself off at boot", { skip }, () => {
    const step = steps();
    let stack: TestStack;

    before(async () => {
        const off = {
            name: "off.service",
            command: "start",
            content:
                "[Service]\nType=oneshot\nExecStart=/bin/echo no power any more\n" +
                "ExecStart=/usr/bin/systemctl poweroff\n",
        };
        const args = {
            members: { count: 1 },
            workers: { bad: { count: 1, units: [off] } },
            readyTimeout: limit,
        };
        stack = await TestStack.create("pulumi-coreos-e2e", bareCluster("boot", args));
    });

    after(() => stack.dispose());

    step("is named, and what it showed last is printed", async () => {
        const output = await failedUp(stack);
        console.log(output);
    });
});

describe("an etcd that finds no quorum", { skip }, () => {
    const step = steps();
    let stack: TestStack;

    before(async () => {
        const content = "[Service]\nExecStartPre=/usr/bin/test %H = quorum-1\n";
        const etcd = { name: "etcd.service", drop_ins: [{ name: "50-broken.conf", content }] };
        const args = { members: { count: 3, units: [etcd] }, readyTimeout: limit };
        stack = await TestStack.create("pulumi-coreos-e2e", bareCluster("quorum", args));
    });

    after(() => stack.dispose());

    step("names the machines whose etcd does not run, and prints its journal", async () => {
        const output = await failedUp(stack);
        console.log(output);
    });
});
