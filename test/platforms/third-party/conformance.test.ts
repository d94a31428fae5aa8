/** A platform that somebody else wrote stands the checks, and ones with a mistake don't. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../../lib/cli/project.js";
import { platformConformance } from "../../../lib/testing/index.js";
import { run } from "../../e2e/support/run.js";
import { expected } from "./broken-platforms.js";
import { Inventory } from "./inventory.js";

const addresses = Array.from({ length: 7 }, (_, index) => `192.0.2.${index + 1}`);

platformConformance({
    name: "Inventory",
    make: () => new Inventory({ addresses }),
    makeUnfit: () => new Inventory({ addresses: addresses.slice(1) }),
});

test("each mistake fails the check that it is of, and no other", async () => {
    const { NODE_TEST_CONTEXT: _context, ...environment } = process.env;
    const program = join(__dirname, "broken-platforms.js");
    const args = ["--test-reporter=tap", program, "run"];
    const { code, stdout, output } = await run(process.execPath, args, { environment });
    assert.equal(code, 1, output);
    const failed: Record<string, string[]> = {};
    let pending: string[] = [];
    for (const line of stdout.split("\n")) {
        const [, indent = "", name = ""] = /^( *)not ok \d+ - (.*)$/.exec(line) ?? [];
        if (name !== "" && indent !== "") {
            pending.push(name);
        } else if (/^(not )?ok \d+ - /.test(line)) {
            failed[line.replace(/^(not )?ok \d+ - (.*) as a platform$/, "$2")] = pending;
            pending = [];
        }
    }
    assert.deepEqual(failed, expected, output);
});

test("the guide shows this very platform", () => {
    const guide = readFileSync(join(packageRoot, "docs", "platforms.md"), "utf8");
    const source = join(packageRoot, "test", "platforms", "third-party", "inventory.ts");
    assert.ok(guide.includes(readFileSync(source, "utf8").trim()));
});
