import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Project } from "../../lib/cli/project.js";
import { openWorkspace, withFolderOnPath } from "../../lib/cli/workspace.js";

let root: string;
let project: Project;

beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "workspace-"));
    project = { root, name: "demo", inCheckout: true };
});
afterEach(() => rmSync(root, { recursive: true }));

const stackFolder = () => join(root, ".stack");

describe("in a checkout", () => {
    it("state, passphrase and home are embedded, for their owner only", () => {
        const { environment, embeddedBackend } = openWorkspace(project, { PATH: "/bin" });
        assert.equal(embeddedBackend, join(stackFolder(), "backend"));
        assert.equal(environment["PULUMI_BACKEND_URL"], `file://${stackFolder()}/backend`);
        assert.equal(environment["PULUMI_HOME"], join(stackFolder(), "home"));
        assert.equal(environment["PULUMI_SKIP_UPDATE_CHECK"], "1");
        assert.equal(environment["PULUMI_CONFIG_PASSPHRASE"], undefined);
        const file = environment["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? "";
        assert.equal(file, join(stackFolder(), "passphrase"));
        assert.equal(statSync(file).mode & 0o777, 0o600);
        assert.equal(statSync(join(stackFolder(), "backend")).mode & 0o777, 0o700);
        assert.match(readFileSync(file, "utf8"), /^[\w-]{32}$/);
    });

    it("the passphrase is random, and stays", () => {
        openWorkspace(project, {});
        const first = readFileSync(join(stackFolder(), "passphrase"), "utf8");
        openWorkspace(project, {});
        assert.equal(readFileSync(join(stackFolder(), "passphrase"), "utf8"), first);
        rmSync(stackFolder(), { recursive: true });
        openWorkspace(project, {});
        assert.notEqual(readFileSync(join(stackFolder(), "passphrase"), "utf8"), first);
    });

    const passphrases = [
        { PULUMI_CONFIG_PASSPHRASE: "mine" },
        { PULUMI_CONFIG_PASSPHRASE: "" },
        { PULUMI_CONFIG_PASSPHRASE_FILE: "/mine" },
    ];
    for (const given of passphrases) {
        it(`a passphrase of the user's is respected: ${JSON.stringify(given)}`, () => {
            const { environment, embeddedBackend } = openWorkspace(project, given);
            const names = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"];
            const set = names.filter((name) => environment[name] !== undefined);
            assert.deepEqual(set, Object.keys(given));
            assert.equal(environment[set[0] ?? ""], Object.values(given)[0]);
            assert.equal(existsSync(join(stackFolder(), "passphrase")), false);
            assert.notEqual(embeddedBackend, undefined);
        });
    }

    it("a home of the user's is respected", () => {
        const { environment } = openWorkspace(project, { PULUMI_HOME: "/mine" });
        assert.equal(environment["PULUMI_HOME"], "/mine");
    });
});

describe("nothing is embedded", () => {
    const cases: [string, Partial<Project>, NodeJS.ProcessEnv][] = [
        ["where the user has set a backend", {}, { PULUMI_BACKEND_URL: "s3://mine" }],
        ["where Pulumi.yaml names a backend", { backendUrl: "s3://mine" }, {}],
        ["in a repository that depends on this package", { inCheckout: false }, {}],
    ];
    for (const [title, change, given] of cases) {
        it(title, () => {
            const workspace = openWorkspace({ ...project, ...change }, given);
            assert.equal(workspace.embeddedBackend, undefined);
            assert.deepEqual(workspace.environment, { ...given, PULUMI_SKIP_UPDATE_CHECK: "1" });
            assert.equal(existsSync(stackFolder()), false);
        });
    }
});

it("the CLI's folder comes first on PATH", () => {
    const { PATH } = withFolderOnPath({ PATH: "/usr/bin:/bin" }, "/cli");
    assert.match(PATH ?? "", /^\/cli:.*:\/usr\/bin:\/bin$/);
});
