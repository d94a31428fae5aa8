import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { tarOf } from "../../lib/platforms/tar.js";

const content = fc.uint8Array({ maxLength: 1600 });

test("tar itself gets each file out as it was put in, executable", () => {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-coreos-tar-"));
    try {
        fc.assert(
            fc.property(content, content, (one, two) => {
                const entries = [
                    { name: "fleet-v1.0.0/fleetd", content: one },
                    { name: "fleet-v1.0.0/fleetctl", content: two },
                ];
                writeFileSync(join(folder, "archive"), tarOf(entries));
                const args = ["-C", folder, "-xf", join(folder, "archive")];
                const { status, stderr } = spawnSync("tar", args, { encoding: "utf8" });
                assert.deepEqual([status, stderr], [0, ""]);
                for (const entry of entries) {
                    const path = join(folder, entry.name);
                    assert.deepEqual(new Uint8Array(readFileSync(path)), entry.content);
                    assert.equal(statSync(path).mode & 0o111, 0o111);
                }
            }),
            { numRuns: 20 },
        );
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
});
