import assert from "node:assert/strict";
import { test } from "node:test";
import { isStartedFrom, judge, type Verdict } from "../../lib/providers/unit-status.js";

/** A simple service that has run for ten seconds. */
const running = {
    Type: "simple",
    ActiveState: "active",
    SubState: "running",
    Result: "success",
    NRestarts: "0",
    ExecMainStatus: "0",
    ExecMainExitTimestampMonotonic: "0",
    ActiveEnterTimestampMonotonic: "90000000",
    now: "100000000",
    comm: "sleep",
};
const failed = { ActiveState: "failed", SubState: "failed", Result: "exit-code" };
const restarting = { ActiveState: "activating", SubState: "auto-restart", Result: "exit-code" };
const ended = { ActiveState: "inactive", SubState: "dead" };
const waits = (seen: string): Verdict => ({ kind: "waits", seen });
const fails = (why: string): Verdict => ({ kind: "failed", why });

const table: readonly (readonly [string, Partial<typeof running>, Verdict])[] = [
    ["runs", {}, { kind: "runs" }],
    [
        "ran for half a second",
        { ActiveEnterTimestampMonotonic: "99500000" },
        { kind: "waits", seen: "active (running)", left: 0.5 },
    ],
    ["was forked and not executed yet", { comm: "(missing)" }, waits("active (running)")],
    ["was restarted twice", { ...restarting, NRestarts: "2" }, waits("activating (auto-restart)")],
    [
        "was restarted three times",
        { ...restarting, NRestarts: "3", ExecMainStatus: "1" },
        fails("exit status 1, after 3 restarts"),
    ],
    [
        "ends well, again and again",
        { ...restarting, NRestarts: "4", Result: "success" },
        fails("it ends at once, after 4 restarts"),
    ],
    [
        "was restarted three times and runs at this moment",
        { NRestarts: "3", ActiveEnterTimestampMonotonic: "95000000" },
        waits("restarted 3 times"),
    ],
    ["was restarted three times and has run since", { NRestarts: "3" }, { kind: "runs" }],
    ["failed", { ...failed, ExecMainStatus: "3" }, fails("exit status 3")],
    [
        "has no program",
        { ...failed, ExecMainStatus: "203" },
        fails("its program can't be executed: it is missing, or no executable"),
    ],
    ["has no user", { ...failed, ExecMainStatus: "217" }, fails("its User does not exist")],
    [
        "was killed",
        { ...failed, Result: "signal", ExecMainStatus: "9" },
        fails("ended by signal 9"),
    ],
    [
        "did not get ready",
        { ...failed, Result: "timeout" },
        fails("it did not start in the time that its TimeoutStartSec gives"),
    ],
    ["hit another limit", { ...failed, Result: "oom-kill" }, fails("oom-kill")],
    ["is not started, or ended", ended, { kind: "inactive", isFine: false }],
    [
        "is not started, or did its work and was forgotten",
        { ...ended, Type: "oneshot" },
        { kind: "inactive", isFine: true },
    ],
    [
        "did its work",
        { ...ended, Type: "oneshot", ExecMainExitTimestampMonotonic: "99000000" },
        { kind: "runs" },
    ],
    [
        "does its work",
        { Type: "oneshot", ActiveState: "activating", SubState: "start" },
        waits("activating (start)"),
    ],
    [
        "did its work badly",
        { ...failed, Type: "oneshot", ExecMainExitTimestampMonotonic: "9", ExecMainStatus: "2" },
        fails("exit status 2"),
    ],
];

for (const [what, properties, verdict] of table) {
    test(`a unit that ${what}`, () => {
        assert.deepEqual(judge({ ...running, ...properties }), verdict);
    });
}

test("a unit runs a text only if it was started after fleet had written it", () => {
    const unit = { started: "90000000", sha1: "new", written: "89990000" };
    assert.equal(isStartedFrom(unit, "new"), true);
    assert.equal(isStartedFrom(unit, "old"), false);
    assert.equal(isStartedFrom({ ...unit, written: "90010000" }, "new"), false);
    assert.equal(isStartedFrom({ ...unit, started: "0" }, "new"), false);
    const { written: _, ...unknown } = unit;
    assert.equal(isStartedFrom(unknown, "new"), false);
});
