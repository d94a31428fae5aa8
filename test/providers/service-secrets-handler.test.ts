import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type OperationContext, PartialFailureError } from "../../lib/providers/handler.js";
import { serviceSecretsHandler as handler } from "../../lib/providers/service-secrets-handler.js";
import type {
    ServiceSecretsInputs,
    ServiceSecretsState,
} from "../../lib/providers/service-secrets-inputs.js";
import { type FakeMachine, startFakeMachine } from "../cli/fake-machine.js";

const skip = process.getuid?.() === 0 ? false : "needs root, whom the files belong to";

const one = { name: "one", disk: "d1" };
const two = { name: "two", disk: "d2" };
const inputs: ServiceSecretsInputs = {
    service: "web",
    files: { password: "hidden-a", token: "hidden-b" },
    machines: [one, two],
    owner: "project/stack/cluster/web",
    connection: { user: "core", agent: "", hosts: [] },
};
const state: ServiceSecretsState = { ...inputs, holders: [one, two], leftOn: [] };

describe("a change of a service's secrets", () => {
    const { machines: _machines, ...withoutMachines } = inputs;
    const unknownDisk = { name: "two" } as unknown as typeof two;
    const cases: readonly (readonly [string, ServiceSecretsState, object, boolean])[] = [
        ["nothing", state, inputs, false],
        ["another way in", state, { ...inputs, connection: undefined }, false],
        ["another order", state, { ...inputs, machines: [two, one] }, false],
        ["another value", state, { ...inputs, files: { ...inputs.files, token: "x" } }, true],
        ["a value not known yet", state, { ...inputs, files: { password: "hidden-a" } }, true],
        ["no value known yet", state, { ...inputs, files: undefined }, true],
        ["another machine", state, { ...inputs, machines: [one, { ...two, name: "3" }] }, true],
        ["a machine less", state, { ...inputs, machines: [one] }, true],
        ["another disk", state, { ...inputs, machines: [one, { ...two, disk: "d3" }] }, true],
        ["a disk not known yet", state, { ...inputs, machines: [one, unknownDisk] }, true],
        ["machines not known yet", state, withoutMachines, true],
        ["another owner", state, { ...inputs, owner: "project/renamed/cluster/web" }, true],
        ["one that lacks them", { ...state, holders: [one] }, inputs, true],
        ["one that has them no more by right", { ...state, leftOn: ["3"] }, inputs, true],
    ];
    for (const [what, from, to, changes] of cases) {
        test(`${what}: ${changes ? "a change" : "none"}`, () => {
            const found = handler.diff("id", from, to as ServiceSecretsInputs);
            assert.deepEqual(found, { changes });
        });
    }

    test("another service is another directory, written before the old one goes", () => {
        const found = handler.diff("id", state, { ...inputs, service: "api" });
        assert.deepEqual(found, { changes: true, replaces: ["service"] });
    });
});

describe("secrets on machines", { skip }, () => {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-coreos-secrets-"));
    const machines: FakeMachine[] = [];
    const warnings: string[] = [];
    const shown: string[] = [];
    const context: OperationContext = {
        progress: (message) => shown.push(message),
        info: (message) => shown.push(message),
        warn: (message) => warnings.push(message),
        deadline: Date.now() + 60_000,
    };
    let connection: ServiceSecretsInputs["connection"];
    let closed: ServiceSecretsInputs["connection"];

    /** A machine whose `/var/lib/pulumi-coreos` is a folder here. */
    const start = async (name: string) => {
        const bin = join(folder, name, "bin");
        mkdirSync(bin, { recursive: true });
        const sudo = `#!/bin/bash
shift
exec "\${@//\\/var\\/lib/${join(folder, name).replaceAll("/", "\\/")}}"
`;
        writeFileSync(join(bin, "sudo"), sudo, { mode: 0o755 });
        const machine = await startFakeMachine(bin, {});
        machines.push(machine);
        return { name, address: "127.0.0.1", port: machine.port };
    };
    const file = (machine: string, name: string) =>
        join(folder, machine, "pulumi-coreos/secrets/web", name);

    before(async () => {
        const hosts = [await start("one"), await start("two")];
        connection = { user: "core", agent: "", hosts };
        // Port 1 of the loopback refuses.
        closed = {
            ...connection,
            hosts: hosts.map((host) => (host.name === "two" ? { ...host, port: 1 } : host)),
        };
    });
    after(() => {
        for (const machine of machines) {
            machine.close();
        }
        rmSync(folder, { recursive: true, force: true });
    });

    test("a machine that does not answer is named, remembered and given them later", async () => {
        const soon = { ...context, deadline: Date.now() + 1_000 };
        const { id, state: first } = await handler.create({ ...inputs, connection: closed }, soon);
        assert.deepEqual(first.holders, [one]);
        assert.equal(readFileSync(file("one", "password"), "utf8"), "hidden-a");
        assert.match(
            warnings.join("\n"),
            /web are not on every machine yet, and go there with the next update: two \(127/,
        );
        const news = { ...inputs, connection };
        assert.equal(handler.diff(id, first, news).changes, true);
        const second = await handler.update(id, first, news, context);
        assert.deepEqual(second.holders, [one, two]);
        assert.equal(readFileSync(file("two", "token"), "utf8"), "hidden-b");
        assert.equal(handler.diff(id, second, news).changes, false);
        for (const text of [...warnings, ...shown]) {
            assert.doesNotMatch(text, /hidden/);
        }
    });

    test("a file that was changed on a machine is seen and written again", async () => {
        const { id, state: made } = await handler.create({ ...inputs, connection }, context);
        writeFileSync(file("two", "token"), "something else");
        const seen = await handler.read(id, made, context);
        assert.deepEqual(seen?.state.holders, [one]);
        assert.ok(seen);
        await handler.update(id, seen.state, { ...inputs, connection }, context);
        assert.equal(readFileSync(file("two", "token"), "utf8"), "hidden-b");
        const silent = { ...made, connection: closed };
        const kept = await handler.read(id, silent, { ...context, deadline: Date.now() + 500 });
        assert.deepEqual(kept?.state.holders, [one, two], "no answer is no drift");
    });

    test("a machine that is no longer meant loses them, when it answers", async () => {
        const { id, state: made } = await handler.create({ ...inputs, connection }, context);
        const fewer = { ...inputs, machines: [one] };
        const soon = { ...context, deadline: Date.now() + 500 };
        const left = await handler.update(id, made, { ...fewer, connection: closed }, soon);
        assert.deepEqual(left.leftOn, ["two"]);
        assert.equal(handler.diff(id, left, { ...fewer, connection }).changes, true);
        assert.ok(existsSync(file("two", "token")));
        const done = await handler.update(id, left, { ...fewer, connection }, context);
        assert.deepEqual(done.leftOn, []);
        assert.equal(existsSync(file("two", ".")), false);
        assert.ok(existsSync(file("one", "token")));
    });

    test("a machine that refuses fails the rest's update only after it", async () => {
        const owner = "project/other/cluster/web";
        await handler.create({ ...inputs, machines: [two], owner, connection }, context);
        rmSync(file("one", "."), { recursive: true });
        await assert.rejects(
            () => handler.create({ ...inputs, connection }, context),
            (error) =>
                error instanceof PartialFailureError &&
                /web could not be written: two: \S+ holds the secrets of project\/other/.test(
                    error.message,
                ) &&
                !error.message.includes("hidden"),
        );
        assert.equal(readFileSync(file("one", "password"), "utf8"), "hidden-a");
        await handler.delete("id", { ...state, machines: [two], owner, connection }, context);
    });

    test("deleting removes the directory wherever it is", async () => {
        const { id, state: made } = await handler.create({ ...inputs, connection }, context);
        await handler.delete(id, made, context);
        assert.equal(existsSync(file("one", ".")), false);
        assert.equal(existsSync(file("two", ".")), false);
    });
});
