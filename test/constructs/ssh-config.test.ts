import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { renderSshConfig } from "../../lib/constructs/ssh-config.js";

const run = promisify(execFile);
const hosts = ["demo-1", "demo-2"].map((name, index) => ({
    name,
    address: `10.80.0.${11 + index}`,
    user: "core",
    hostKey: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA${index}`,
}));

test("ssh itself reads each host's address, user and key, and takes no unknown host key", async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "ssh-config-"));
    t.after(() => rm(folder, { recursive: true }));
    const file = join(folder, "config");
    await writeFile(file, renderSshConfig(hosts, join(folder, "demo.key")));
    for (const { name, address, hostKey } of hosts) {
        const { stdout } = await run("ssh", ["-G", "-F", file, name]);
        const settings = stdout.split("\n");
        for (const setting of [
            `hostname ${address}`,
            "user core",
            `identityfile ${join(folder, "demo.key")}`,
            "identitiesonly yes",
            `hostkeyalias ${name}`,
            "userknownhostsfile none",
            `knownhostscommand /bin/echo ${name} ${hostKey}`,
            "stricthostkeychecking true",
        ]) {
            assert.ok(settings.includes(setting), `${setting} is not in\n${stdout}`);
        }
    }
    const { stdout } = await run("ssh", ["-G", "-F", file, "elsewhere"]);
    assert.doesNotMatch(stdout, /knownhostscommand|hostname 10\.80/);
});

test("no machine, no text", () => {
    assert.equal(renderSshConfig([], "key"), "");
});
