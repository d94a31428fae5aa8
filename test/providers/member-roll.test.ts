import assert from "node:assert/strict";
import { test } from "node:test";
import { memberRollHandler } from "../../lib/providers/member-roll-handler.js";
import type { MemberRollInputs, MemberRollState } from "../../lib/providers/member-roll-inputs.js";

const member = (name: string, instance: string) => ({
    name,
    instance,
    sshAddress: "203.0.113.1",
    privateIp: "10.0.0.1",
});

function inputs(changes: Partial<MemberRollInputs> = {}): MemberRollInputs {
    return {
        cluster: "a",
        turn: "a-2",
        mark: "old",
        pending: [],
        made: [member("a-1", "i-1"), member("a-2", "i-2")],
        known: [member("a-3", "i-3")],
        hasBegun: true,
        fleet: true,
        delivered: false,
        binaries: false,
        connection: { user: "core" },
        ...changes,
    };
}

for (const [what, changes, expected] of [
    ["nothing has changed", {}, false],
    ["its own machine is another", { made: [member("a-1", "i-1"), member("a-2", "i-9")] }, true],
    ["another machine is another", { made: [member("a-1", "i-9"), member("a-2", "i-2")] }, false],
    ["members are made from another text", { mark: "new" }, true],
    ["members after it are to be made anew", { pending: ["a-3"] }, false],
    ["the way to the others is another", { known: [member("a-3", "i-9")] }, false],
] as const) {
    test(`the pause after a member, where ${what}`, () => {
        const state: MemberRollState = { ...inputs(), hostKey: "key", machineId: "id" };
        assert.equal(memberRollHandler.diff("a", state, inputs(changes)).changes, expected);
    });
}

test("the pause before the first member is for whatever is to be made anew, also after a cut-off run", () => {
    const { turn: _turn, ...first } = inputs({ made: [] });
    const state: MemberRollState = { ...first, hostKey: "", machineId: "" };
    assert.equal(memberRollHandler.diff("a", state, first).changes, false);
    assert.equal(memberRollHandler.diff("a", state, { ...first, pending: ["a-1"] }).changes, true);
});

test("a first start waits for nobody: there is no quorum yet", async () => {
    const context = {
        progress: () => undefined,
        info: () => undefined,
        warn: () => undefined,
        deadline: 0,
    };
    const { state } = await memberRollHandler.create(
        inputs({ hasBegun: false, pending: ["a-3"] }),
        context,
    );
    assert.deepEqual([state.hostKey, state.pending], ["", []]);
});
