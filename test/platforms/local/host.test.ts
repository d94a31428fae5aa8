import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { contentHash, toolchainPath } from "../../../lib/platforms/local/directories.js";
import { exclusively } from "../../../lib/platforms/local/exclusive.js";
import { firewallRuleset } from "../../../lib/platforms/local/firewall.js";
import { compareVersions } from "../../../lib/platforms/local/go-build.js";
import { checkRoom } from "../../../lib/platforms/local/host-checks.js";
import { combine, leastSettings } from "../../../lib/platforms/local/host-settings.js";
import { imageId, imageRecipe } from "../../../lib/platforms/local/image-recipe.js";
import { bridgeHardwareAddress } from "../../../lib/platforms/local/links.js";

describe("kernel settings", () => {
    test("grow with the machines of all networks and name their uplinks", () => {
        const needs = combine({
            a: { machines: 90, uplinks: ["eth0"] },
            b: { machines: 4, uplinks: ["eth0", "wlan0"] },
        });
        assert.deepEqual(leastSettings(needs), {
            "fs/inotify/max_user_instances": 816,
            "kernel/keys/maxkeys": 852,
            "net/ipv4/conf/eth0/forwarding": 1,
            "net/ipv4/conf/wlan0/forwarding": 1,
        });
    });
    test("nothing is asked for when no network is left", () => {
        assert.deepEqual(leastSettings(combine({})), {});
    });
});

describe("firewall", () => {
    const rules = { bridge: "pc-a_1", subnets: ["10.80.0.0/24", "198.18.1.0/24"] };
    test("sends machines out through the uplinks alone", () => {
        const text = firewallRuleset({ ...rules, uplinks: ["eth0", "wlan0"] });
        assert.match(text, /iifname "pc-a_1" oifname \{ "eth0", "wlan0" \} accept/);
        assert.match(
            text,
            /ip saddr \{ 10\.80\.0\.0\/24, 198\.18\.1\.0\/24 \} oifname \{ "eth0", "wlan0" \} masquerade/,
        );
    });
    test("sends nothing out where the host has no way out", () => {
        const text = firewallRuleset({ ...rules, uplinks: [] });
        assert.doesNotMatch(text, /masquerade|\{ \} /);
        assert.match(text, /iifname "pc-a_1" reject/);
    });
});

describe("an image's name", () => {
    test("is the same twice, and another for another recipe", () => {
        assert.equal(imageId(), imageId());
        const recipe = imageRecipe();
        assert.notEqual(imageId(), imageId({ ...recipe, packages: [...recipe.packages, "jq"] }));
    });
    test("follows every file that is added to it", () => {
        const directory = toolchainPath("image", "rootfs");
        assert.notEqual(contentHash(directory, 1), contentHash(directory, 2));
        assert.notEqual(contentHash(directory, 1), contentHash(toolchainPath("fleet"), 1));
    });
});

test("versions compare by number", () => {
    assert.ok(compareVersions("1.19.8", "1.25") < 0);
    assert.ok(compareVersions("1.9", "1.10") < 0);
    assert.ok(compareVersions("1.26.8", "1.25.11") > 0);
    assert.equal(compareVersions("1.25", "1.25.0"), 0);
});

test("a bridge's hardware address is unicast, local and the network's own", () => {
    assert.match(bridgeHardwareAddress("a"), /^02(:[0-9a-f]{2}){5}$/);
    assert.notEqual(bridgeHardwareAddress("a"), bridgeHardwareAddress("b"));
});

test("too little room is one sentence that says how much and what to set", async () => {
    assert.deepEqual(await checkRoom("/tmp", 1, "It", "HERE"), []);
    const [problem = ""] = await checkRoom("/tmp/not/there", 2 ** 60, "The image", "HERE");
    assert.match(problem, /^The image needs 1099511627776 MiB below .* set HERE to another/);
});

describe("exclusive work", () => {
    test("is done by one at a time", async () => {
        let inside = 0;
        let most = 0;
        let waited = 0;
        const work = async (): Promise<void> => {
            most = Math.max(most, ++inside);
            await new Promise((resolve) => setTimeout(resolve, 20));
            inside--;
        };
        const name = `test ${process.pid}`;
        await Promise.all([1, 2, 3].map(() => exclusively(name, work, () => waited++)));
        assert.equal(most, 1);
        assert.equal(waited, 2);
    });
    test("is free again when its holder was killed", async () => {
        const directory = mkdtempSync(join(tmpdir(), "pulumi-coreos-test-"));
        const module = require.resolve("../../../lib/platforms/local/exclusive.js");
        const script = `require(${JSON.stringify(module)}).exclusively(${JSON.stringify(directory)}, () => {
            console.log("held");
            return new Promise(() => setInterval(() => {}, 1000));
        });`;
        const holder = spawn(process.execPath, ["-e", script], {
            stdio: ["ignore", "pipe", "inherit"],
        });
        await new Promise((resolve) => holder.stdout.once("data", resolve));
        let waited = false;
        const work = exclusively(
            directory,
            async () => "done",
            () => {
                waited = true;
                holder.kill("SIGKILL");
            },
        );
        assert.equal(await work, "done");
        assert.ok(waited);
        rmSync(directory, { recursive: true });
    });
});
