import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { packageRoot } from "../../lib/cli/project.js";
import { PROVIDERS } from "../../lib/providers/tokens.js";
import { succeed } from "../e2e/support/run.js";
import { entryPoints, InstalledPackage, manifest } from "./support/installed-package.js";

describe("the package as npm packs it", () => {
    let installed: InstalledPackage;

    before(async () => {
        installed = await InstalledPackage.create();
    });

    after(() => installed.dispose());

    const node = async (name: string, program: string): Promise<unknown> => {
        writeFileSync(join(installed.folder, name), program);
        return JSON.parse(await succeed(process.execPath, [name], { directory: installed.folder }));
    };

    test("holds compiled code, commands and toolchain, and nothing else", () => {
        const allowed = [
            /^(package\.json|README\.md|LICENSE)$/,
            /^bin\/[\w-]+\.mjs$/,
            /^dist\/lib\/.+\.(js|js\.map|d\.ts)$/,
            /^toolchain\//,
        ];
        const files = installed.files();
        assert.deepEqual(
            files.filter((file) => !allowed.some((pattern) => pattern.test(file))),
            [],
        );
        const needed = ["pulumi", "pulumi-language-nodejs", "etcd", "fleet", "coreos-cloudinit"];
        for (const module of needed) {
            assert.ok(files.includes(`toolchain/${module}/go.mod`), module);
        }
        assert.ok(files.includes("toolchain/image/rootfs/usr/bin/update-ssh-keys"));
        assert.ok(files.includes("dist/lib/providers/service-handler.js"));
    });

    test("names no path of this machine, and only hosts that users may be sent to", () => {
        const own = [packageRoot, installed.folder, `${homedir()}/`];
        const texts = installed.files().map((file) => readFileSync(installed.path(file), "latin1"));
        assert.deepEqual(
            own.filter((path) => texts.some((text) => text.includes(path))),
            [],
        );
        const urls = texts.flatMap((text) => [
            ...text.matchAll(/\bhttps?:\/\/([a-z0-9.-]+\.[a-z]+)/g),
        ]);
        assert.deepEqual([...new Set(urls.map(([, host]) => host))].sort(), [
            "deb.debian.org",
            "discovery.etcd.io",
            "etcd.io",
            "get.pulumi.com",
            "github.com",
            "go.dev",
            "mirror.example.com",
            "www.apache.org",
            "www.pulumi.com",
        ]);
    });

    test("has a file for everything that it exports, and for its command", () => {
        const targets = Object.values(manifest.exports).flatMap((target) =>
            typeof target === "string" ? [target] : Object.values(target),
        );
        const packed: { bin: Record<string, string> } = JSON.parse(
            readFileSync(installed.path("package.json"), "utf8"),
        );
        const commands = Object.values(packed.bin);
        assert.ok(targets.length > 2 && commands.length > 0);
        for (const target of [...targets, ...commands]) {
            assert.ok(existsSync(installed.path(target)), target);
        }
    });

    test("its names are the same for require and for import", async () => {
        const list = JSON.stringify(entryPoints);
        const required = await node(
            "names.cjs",
            `const names = ${list}.map((path) => Object.keys(require(path)).sort());
            require("pulumi-coreos/package.json");
            console.log(JSON.stringify(names));`,
        );
        const imported = await node(
            "names.mjs",
            `const names = [];
            for (const path of ${list}) {
                const all = Object.keys(await import(path));
                names.push(all.filter((name) => !/^(default|module.exports|__esModule)$/.test(name)).sort());
            }
            console.log(JSON.stringify(names));`,
        );
        assert.deepEqual(imported, required);
        assert.ok(Array.isArray(required) && required.flat().includes("Cluster"));
        assert.ok(required.every((names: unknown) => Array.isArray(names) && names.length > 0));
    });

    test("a cloud's SDK is loaded by its own entry alone", async () => {
        for (const cloud of ["digitalocean", "aws"]) {
            const loaded = await node(
                `${cloud}-sdk.cjs`,
                `const sdk = () => Object.keys(require.cache).some((file) => /@pulumi.${cloud}/.test(file));
                const others = ["digitalocean", "aws"].filter((one) => one !== "${cloud}").map((one) => "/" + one);
                for (const path of ["", "/local", "/providers", "/testing", ...others]) require("pulumi-coreos" + path);
                const before = sdk();
                require("pulumi-coreos/${cloud}");
                console.log(JSON.stringify([before, sdk()]));`,
            );
            assert.deepEqual(loaded, [false, true], cloud);
        }
    });

    test("named imports work from an ES module", async () => {
        const text = await node(
            "named.mjs",
            `import { Cluster, Service } from "pulumi-coreos";
            import { Local } from "pulumi-coreos/local";
            import { DigitalOcean } from "pulumi-coreos/digitalocean";
            import { SimulatedCloud } from "pulumi-coreos/testing";
            import { parseUnit, renderUnit } from "pulumi-coreos/systemd";
            import { renderCloudConfig } from "pulumi-coreos/cloud-config";
            import { checkPlacement } from "pulumi-coreos/fleet";
            const unit = renderUnit(parseUnit("[Service]\\nExecStart=/bin/true\\n"));
            const kinds = [Cluster, Service, Local, DigitalOcean, SimulatedCloud, checkPlacement].map((one) => typeof one);
            console.log(JSON.stringify([...kinds, unit, renderCloudConfig({ hostname: "one" })]));`,
        );
        const unit = "[Service]\nExecStart=/bin/true\n";
        const kinds = Array(6).fill("function");
        assert.deepEqual(text, [...kinds, unit, "#cloud-config\nhostname: one\n"]);
    });

    test("loads each provider, and nothing that the package does not declare", async () => {
        const names = Object.values(PROVIDERS);
        const answers = await node(
            "providers.cjs",
            `const { handler } = require("pulumi-coreos/providers");
            // A diff of nothing with nothing makes each provider load what it is made of.
            const names = ${JSON.stringify(names)};
            const tries = names.map((name) => handler(name).check({}, {}).then(() => "", String));
            Promise.all(tries).then((answers) => console.log(JSON.stringify(answers)));`,
        );
        assert.ok(Array.isArray(answers));
        assert.equal(answers.length, names.length);
        assert.deepEqual(
            answers.filter((answer: unknown) => /Cannot find|ERR_/.test(String(answer))),
            [],
        );
    });

    test("a path that is not exported is not found", async () => {
        const code = await node(
            "hidden.cjs",
            `try { require("pulumi-coreos/dist/lib/cluster.js"); } catch (error) { console.log(JSON.stringify(error.code)); }`,
        );
        assert.equal(code, "ERR_PACKAGE_PATH_NOT_EXPORTED");
    });

    test("its command runs without the sources", async () => {
        const help = await succeed(process.execPath, ["pulumi-coreos.mjs", "--help"], {
            directory: installed.path("bin"),
        });
        assert.match(help, /Usage: pulumi-coreos/);
    });
});
