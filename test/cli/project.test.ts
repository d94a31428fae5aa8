import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, it } from "node:test";
import { findProject, packageRoot } from "../../lib/cli/project.js";

const root = mkdtempSync(join(tmpdir(), "project-"));
const nested = join(root, "infra", "deep");
mkdirSync(nested, { recursive: true });
after(() => rmSync(root, { recursive: true }));

it("a project is found from a folder inside it, with the backend that it names", () => {
    const file = join(root, "infra", "Pulumi.yaml");
    writeFileSync(file, "name: shop\nruntime: nodejs\nbackend:\n    url: s3://states\n");
    assert.deepEqual(findProject(nested), {
        root: join(root, "infra"),
        name: "shop",
        inCheckout: false,
        backendUrl: "s3://states",
    });
});

it("a project without a name is refused", () => {
    writeFileSync(join(root, "infra", "Pulumi.yaml"), "runtime: nodejs\n");
    assert.throws(
        () => findProject(nested),
        /infra\/Pulumi\.yaml has no name: give the project one\.$/,
    );
});

it("a folder below the checkout belongs to it", () => {
    const folder = join(packageRoot, "dist", "project-test");
    mkdirSync(folder, { recursive: true });
    try {
        writeFileSync(join(folder, "Pulumi.yaml"), "name: inside\n");
        assert.deepEqual(findProject(folder), { root: folder, name: "inside", inCheckout: true });
    } finally {
        rmSync(folder, { recursive: true });
    }
});
