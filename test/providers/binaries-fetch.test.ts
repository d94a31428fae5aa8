import assert from "node:assert/strict";
import { test } from "node:test";
import { lookAtFetch } from "../../lib/providers/binaries-fetch.js";

const journal = `Starting coreos-binaries.service - Programs of the cluster...
fetch-binaries: http://mirror/etcd.tar: it can't be fetched: curl: (7) refused
coreos-binaries.service: Failed with result 'exit-code'.
fetch-binaries: http://mirror/fleet.tar: its sha256 is a, and must be b; nothing of it is used
coreos-binaries.service: Main process exited, code=exited, status=65
`;

/** A machine on which systemd and its journal say that. */
const machine = (shown: string, said = journal) => ({
    exec: async (command: string) => {
        const stdout = command.startsWith("journalctl") ? said : `now 12.5\n${shown}\n`;
        return { code: 0, stdout, stderr: "" };
    },
});

const cases: [string, string, string, Awaited<ReturnType<typeof lookAtFetch>>][] = [
    ["done", "ActiveState=active", journal, undefined],
    ["the image has the programs", "ActiveState=inactive\nResult=success", "", undefined],
    ["not a part of its text", "LoadState=not-found\nActiveState=inactive", "", undefined],
    [
        "the first attempt",
        "ActiveState=activating\nNRestarts=0",
        "",
        { what: "it fetches etcd and fleet", hasFailed: false, isBroken: false },
    ],
    [
        "a later attempt",
        "ActiveState=activating\nNRestarts=3",
        "fetch-binaries: http://mirror/etcd.tar: it can't be fetched: curl: (7) refused\n",
        {
            what: "coreos-binaries.service tries again and again: http://mirror/etcd.tar: it can't be fetched: curl: (7) refused",
            hasFailed: false,
            isBroken: true,
        },
    ],
    [
        "the end of it",
        "ActiveState=failed\nNRestarts=3\nResult=exit-code",
        journal,
        {
            what: "coreos-binaries.service failed: http://mirror/fleet.tar: its sha256 is a, and must be b; nothing of it is used",
            hasFailed: true,
            isBroken: true,
        },
    ],
    [
        "an end of which the journal knows nothing",
        "ActiveState=failed\nResult=timeout",
        "",
        { what: "coreos-binaries.service failed: timeout", hasFailed: true, isBroken: true },
    ],
];

for (const [what, shown, said, expected] of cases) {
    test(`${what}: ${expected?.what ?? "nothing to say"}`, async () => {
        assert.deepEqual(await lookAtFetch(machine(shown, said)), expected);
    });
}
