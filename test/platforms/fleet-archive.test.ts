import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { fleetArchive, fleetArchiveName, packedFleet } from "../../lib/platforms/fleet-archive.js";
import { toolchainPath } from "../../lib/platforms/local/directories.js";
import { goReleaseFrom } from "../../lib/platforms/local/go-build.js";

const folder = mkdtempSync(join(tmpdir(), "pulumi-coreos-fleet-"));
after(() => {
    // Go's caches are read-only for whoever is not root.
    spawnSync("chmod", ["-R", "u+w", folder]);
    rmSync(folder, { recursive: true, force: true });
});

const sumOf = (content: Buffer) => createHash("sha256").update(content).digest("hex");

test("fleet built elsewhere, with nothing of an earlier build, is the same byte by byte", async () => {
    const { path, sha256 } = await fleetArchive("amd64");
    assert.equal(basename(path), fleetArchiveName("amd64"));
    assert.match(basename(path), /^fleet-v1\.0\.0-linux-amd64-[0-9a-f]{12}\.tar$/);
    assert.equal(sumOf(readFileSync(path)), sha256);
    const source = join(folder, "some", "where");
    cpSync(toolchainPath("fleet"), source, { recursive: true });
    const environment = { GOCACHE: join(folder, "cache") };
    process.env["GOAMD64"] = "v3";
    await goReleaseFrom(source, "fleet", "amd64", join(folder, "built"), environment);
    assert.equal(sumOf(await packedFleet(join(folder, "built"), "amd64")), sha256);
});

test("each processor has an archive of its own", () => {
    assert.notEqual(fleetArchiveName("amd64"), fleetArchiveName("arm64"));
});
