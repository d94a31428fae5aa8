import assert from "node:assert/strict";
import { test } from "node:test";
import { readShown } from "../../lib/providers/unit-show.js";

const output = `now 5123.45
comm 77 sleep
control 91 /usr/bin/docker pull hello
sha1 aaaa  ./web@1.service
written 1795275303.500000000 ./web@1.service
MainPID=77
ControlPID=0
ActiveState=active
InactiveExitTimestamp=Sat 2026-11-21 15:35:04.123456 UTC

MainPID=0
ControlPID=91
ActiveState=activating
InactiveExitTimestamp=n/a
`;

test("what a machine prints is told apart by unit", () => {
    const shown = readShown(output, ["web@1.service", "db.service"]);
    assert.deepEqual(shown.get("web@1.service"), {
        now: "5123450000",
        MainPID: "77",
        ControlPID: "0",
        ActiveState: "active",
        InactiveExitTimestamp: "Sat 2026-11-21 15:35:04.123456 UTC",
        comm: "sleep",
        sha1: "aaaa",
        written: "1795275303500000",
        started: "1795275304123456",
    });
    assert.deepEqual(shown.get("db.service"), {
        now: "5123450000",
        MainPID: "0",
        ControlPID: "91",
        ActiveState: "activating",
        InactiveExitTimestamp: "n/a",
        control: "/usr/bin/docker pull hello",
    });
});
