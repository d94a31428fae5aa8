import assert from "node:assert/strict";
import { test } from "node:test";
import type { EtcdMember } from "../../lib/clients/etcd.js";
import {
    type MembershipStep,
    membershipStep,
    quorum,
} from "../../lib/providers/membership-step.js";

const at = (n: number): string => `http://10.0.0.${n}:2380`;
const started = (id: string, name: string, n: number): EtcdMember => ({
    id,
    name,
    peerUrls: [at(n)],
    clientUrls: [`http://10.0.0.${n}:2379`],
});
const added = (id: string, n: number, name = ""): EtcdMember => ({
    id,
    name,
    peerUrls: [at(n)],
    clientUrls: [],
});
const other = started("9", "b", 2);

for (const [what, members, hasData, expected] of [
    ["data and address are kept", [other, started("1", "a", 1)], true, { kind: "none" }],
    ["data kept, new address", [started("1", "a", 5), other], true, { kind: "update", id: "1" }],
    ["added, begun, and not yet known by its name", [other, added("2", 1)], true, { kind: "none" }],
    ["data of a member that was removed", [other], true, { kind: "stranger" }],
    ["data lost", [started("1", "a", 1), other], false, { kind: "remove", id: "1" }],
    ["data and address lost", [started("1", "a", 5), other], false, { kind: "remove", id: "1" }],
    ["removed by a run that was cut off", [other], false, { kind: "add" }],
    [
        "removed and added by a run that was cut off",
        [other, added("2", 1)],
        false,
        { kind: "none" },
    ],
    [
        "added at another address by a run that was cut off: nobody will ever start there",
        [other, added("2", 7, "a")],
        false,
        { kind: "remove", id: "2" },
    ],
    [
        "listed from the beginning, never started",
        [other, added("1", 1, "a")],
        false,
        { kind: "none" },
    ],
    [
        "its address was another member's",
        [started("3", "c", 1), other],
        false,
        { kind: "remove", id: "3" },
    ],
] as const satisfies readonly (readonly [
    string,
    readonly EtcdMember[],
    boolean,
    MembershipStep,
])[]) {
    test(`${what}: ${expected.kind}`, () => {
        const member = { name: "a", peerUrl: at(1), hasData };
        assert.deepEqual(membershipStep(members, member), expected);
    });
}

test("steps lead to the end, whatever was there", () => {
    let members: readonly EtcdMember[] = [started("1", "a", 5), added("2", 1), other];
    const taken: string[] = [];
    for (;;) {
        const step = membershipStep(members, { name: "a", peerUrl: at(1), hasData: false });
        taken.push(step.kind);
        if (step.kind === "remove") {
            members = members.filter(({ id }) => id !== step.id);
        } else {
            break;
        }
    }
    assert.deepEqual(taken, ["remove", "none"]);
});

test("a quorum is more than half", () => {
    const sizes = [1, 2, 3, 4, 5].map((n) => quorum(Array.from({ length: n }, () => other)));
    assert.deepEqual(sizes, [1, 2, 2, 3, 3]);
});
