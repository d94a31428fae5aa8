import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { ensureImage } from "../../lib/platforms/local/image.js";
import { bareCluster } from "./support/program.js";
import { succeed } from "./support/run.js";
import { steps } from "./support/steps.js";
import { TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";

/** Seconds for the cluster to become ready, and those that a run may take beyond, on a busy host. */
const limit = 15;
const slack = 45;

/** A run of `up` that was to fail, within its limit: what it printed. */
async function failedUp(stack: TestStack, wrapper: readonly string[] = []): Promise<string> {
    const begun = Date.now();
    const { code, output } = await stack.pulumi(["up", "--yes", "--skip-preview"], wrapper);
    const seconds = (Date.now() - begun) / 1000;
    assert.notEqual(code, 0, output);
    assert.ok(seconds < limit + slack, `it took ${seconds} s:\n${output}`);
    assert.doesNotMatch(output, /^\s+at .*:\d+:\d+\)?$/m, "no stack");
    return output;
}

describe("a machine that does not boot", { skip }, () => {
    const step = steps();
    let stack: TestStack;
    let cache: string;

    before(async () => {
        // A copy of the image, whose init says why it can't go on.
        const { id, root } = await ensureImage(() => undefined);
        cache = mkdtempSync(join(tmpdir(), "pulumi-coreos-cache-"));
        const broken = join(cache, "images", id, "root");
        mkdirSync(join(cache, "images", id), { recursive: true });
        await succeed("cp", ["--archive", "--reflink=auto", root, broken]);
        const init = join(broken, "usr/lib/systemd/systemd");
        rmSync(init);
        writeFileSync(init, "#!/bin/sh\necho no root on /dev/vda\nexit 1\n", { mode: 0o755 });
        const program = bareCluster("boot", { members: { count: 1 }, readyTimeout: limit });
        stack = await TestStack.create("pulumi-coreos-e2e", program);
    });

    after(async () => {
        await stack.dispose();
        rmSync(cache, { recursive: true, force: true });
    });

    step("is named, and what it showed last is printed", async () => {
        const output = await failedUp(stack, ["env", `PULUMI_COREOS_CACHE=${cache}`]);
        const told =
            /Machine "boot-1" did not boot: its container ended\. .*console:\n.*start.*\n.*no root on \/dev\/vda/;
        assert.match(output, told);
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

    step("names the machines whose etcd does not run first, and prints its journal", async () => {
        const [, diagnostics = ""] = (await failedUp(stack)).split("Diagnostics:");
        const [, message = ""] = diagnostics.split(
            /error: cluster quorum is not ready after \d+ s:\n/,
        );
        const [first = "", second = "", third = "", heading, ...journal] = message
            .split("\n")
            .map((line) => line.trim());
        const broken = [first, second].sort();
        const crash = "etcd\\.service does not run \\(\\w+(, exit-code)?, \\d+ restarts\\)";
        assert.match(broken[0] ?? "", new RegExp(`^quorum-2: ${crash}$`), message);
        assert.match(broken[1] ?? "", new RegExp(`^quorum-3: ${crash}$`), message);
        assert.match(third, /^quorum-1: etcd runs and is not healthy; it waits for a quorum/);
        const culprit = first.split(":")[0] ?? "";
        assert.equal(heading, `The last lines of etcd.service on ${culprit}:`);
        assert.ok(journal.some((line) => line.includes(`${culprit} systemd[1]: etcd.service: `)));
    });
});
