import assert from "node:assert/strict";
import { test } from "node:test";
import { runningMark, staleMembers } from "../../lib/providers/member-texts.js";
import type { MemberText, ReadyMachine } from "../../lib/providers/readiness-inputs.js";

const ready = (name: string, mark?: string): ReadyMachine => ({
    name,
    instance: `i-${name}`,
    machineId: "1",
    hostKey: "k",
    ...(mark === undefined ? {} : { mark }),
});
const machine = (name: string, instance = `i-${name}`) => ({
    name,
    role: "member" as const,
    sshAddress: "10.0.0.1",
    privateIp: "10.0.0.1",
    instance,
});
const text = (mark: string, appliedBy: MemberText["appliedBy"]): MemberText => ({
    mark,
    appliedBy,
});

for (const [what, before, bootedAt, expected] of [
    ["a new machine runs what is wanted", undefined, undefined, "new"],
    ["one that is the same keeps its own", ready("a", "old"), undefined, "old"],
    ["one from before marks were kept stays unknown", ready("a"), undefined, undefined],
    ["a boot before the change changes nothing", ready("a", "old"), 5, "old"],
    ["a boot after the change applies what was changed then", ready("a", "old"), 15, "between"],
] as const) {
    test(what, () => {
        const state = { memberText: text("between", "boot"), markedAt: 10 };
        const since = { before, state, ...(bootedAt === undefined ? {} : { bootedAt }) };
        assert.equal(runningMark("new", since), expected);
    });
}

test("a line names those that run an older text, and how each cloud brings them the new one", () => {
    const state = { ready: [ready("a", "old"), ready("b", "new"), ready("c", "old")] };
    const machines = ["a", "b", "c"].map((name) => machine(name));
    const [kept = "", ...more] = staleMembers(state, {
        machines,
        memberText: text("new", "replacement"),
    });
    assert.deepEqual(more, []);
    assert.match(kept, /^a, c run an older .*, which a member keeps; .* rollout: "replace"/);
    const [local = ""] = staleMembers(state, { machines, memberText: text("new", "boot") });
    assert.match(
        local,
        /^a, c run an older cloud-config, and each applies the new one at its next/,
    );
});

test("nothing is said of machines that are made anew, of what is unknown, and of what is the same", () => {
    const memberText = text("new", "replacement");
    const none = (marks: readonly ReadyMachine[], instance?: string) =>
        assert.deepEqual(
            staleMembers({ ready: marks }, { machines: [machine("a", instance)], memberText }),
            [],
        );
    none([ready("a", "new")]);
    none([ready("a")]);
    none([ready("a", "old")], "another");
    assert.deepEqual(
        staleMembers({ ready: [ready("a", "old")] }, { machines: [machine("a")] }),
        [],
    );
});
