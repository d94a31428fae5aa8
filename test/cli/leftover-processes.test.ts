import assert from "node:assert/strict";
import { it } from "node:test";
import { leftoversOf } from "../../lib/cli/leftover-processes.js";
import type { HostProcess } from "../../lib/cli/processes.js";

const ours = "file:///work/.stack/backend";

function process_(pid: number, parent: number, ...command: string[]): HostProcess {
    const name = (command[0] ?? "").replace(/^.*\//, "").slice(0, 15);
    return { pid, parent, name, command, startedAt: new Date(0) };
}

const provider = [
    "node",
    "-e",
    'require("@pulumi/pulumi/cmd/dynamic-provider")',
    "dynamic-provider",
];

const table = [
    process_(1, 0, "/sbin/init"),
    // Of a killed CLI, given to init.
    process_(10, 1, "/cache/pulumi-language-nodejs", "127.0.0.1:1"),
    process_(11, 10, "node", "/work/node_modules/@pulumi/pulumi/cmd/run/index.js"),
    process_(12, 1, ...provider, "127.0.0.1:1"),
    process_(13, 12, "systemd-nspawn", "--machine=m1"),
    // Of one that runs.
    process_(20, 1, "/cache/pulumi", "up"),
    process_(21, 20, "/cache/pulumi-language-nodejs", "127.0.0.1:2"),
    process_(22, 21, "node", "/work/node_modules/@pulumi/pulumi/cmd/run/index.js"),
    process_(23, 20, ...provider, "127.0.0.1:2"),
    // Of another backend.
    process_(30, 1, ...provider, "127.0.0.1:3"),
];

it("leftovers are the helpers for this backend without a living CLI, and no machines", () => {
    const backendOf = (pid: number) => (pid === 30 ? "file:///elsewhere" : ours);
    const pids = leftoversOf(table, backendOf, ours).map(({ pid }) => pid);
    assert.deepEqual(pids, [10, 11, 12]);
});
