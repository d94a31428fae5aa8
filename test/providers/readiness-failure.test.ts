import assert from "node:assert/strict";
import { test } from "node:test";
import { explainMachines } from "../../lib/providers/readiness-failure.js";

test("machines that can't be reached are told one by one, and of a way in where there may be none", async () => {
    const failures = [
        { machine: "demo-1", cause: new Error("demo-1 (10.0.0.10): connect ETIMEDOUT") },
        { machine: "demo-2", cause: new Error("demo-2 (10.0.0.11): connect ETIMEDOUT") },
    ];
    const told = [
        "cluster demo is not ready:",
        "  demo-1: no SSH connection (connect ETIMEDOUT)",
        "  demo-2: no SSH connection (connect ETIMEDOUT)",
    ];
    assert.deepEqual((await explainMachines("demo", failures)).split("\n"), told);
    assert.deepEqual((await explainMachines("demo", failures, true)).split("\n"), [
        ...told,
        "The machines have private addresses alone: from outside of their network they are reached through a jump host (`connection.jump`).",
    ]);
});
