import assert from "node:assert/strict";
import { test } from "node:test";
import { type FleetUnit, validateFleetUnit, type XFleetSection } from "../../lib/fleet/index.js";
import { formatProblem } from "../../lib/problem.js";

const Service = { ExecStart: "/bin/true" };

function judge(name: string, unit: FleetUnit): string[] {
    return validateFleetUnit(name, unit).map(
        (problem) => `${problem.severity ?? "error"} ${formatProblem(problem)}`,
    );
}

const accepted: readonly XFleetSection[] = [
    {},
    { MachineID: "0123abcd", MachineMetadata: "role=web" },
    { MachineMetadata: ["role=web", "role=api", "zone=a b"] },
    { MachineMetadata: '"role=web" "zone=a"' },
    { MachineMetadata: "role=%i" },
    { MachineOf: ["db@%i.service", "log.service"], Conflicts: "%p@*.service" },
    { Conflicts: ["a.service b@*.service", "[c-d]?.timer"] },
    { Global: true, Conflicts: "a.service", MachineMetadata: "role=web" },
    { Global: "1" },
    { Global: "off" },
    { Replaces: "a@*.service", MachineOf: "b.service" },
];

for (const section of accepted) {
    test(`accepts ${JSON.stringify(section)}`, () => {
        assert.deepEqual(judge("hello@.service", { Service, "X-Fleet": section }), []);
    });
}

const refused: readonly [section: Record<string, string | boolean | string[]>, problem: RegExp][] =
    [
        [
            { MachineID: "a", MachineOf: "b.service" },
            /^error X-Fleet\.MachineOf: .*MachineOf together with MachineID/,
        ],
        [{ MachineID: "a", Conflicts: "b.service" }, /Conflicts together with MachineID/],
        [{ MachineID: "a", Global: true }, /Global together with MachineID/],
        [{ MachineID: "a", Replaces: "b.service" }, /Replaces together with MachineID/],
        [{ MachineOf: "a.service", Global: true }, /MachineOf together with Global/],
        [{ Replaces: "a.service", Global: true }, /Replaces together with Global/],
        [{ Replaces: "a.service", Conflicts: "b.service" }, /Replaces together with Conflicts/],
        [
            { MachineOf: "a@1.service", Conflicts: "a@*.service" },
            /^error X-Fleet\.Conflicts: got "a@\*\.service"; must not match "a@1\.service"/,
        ],
        [
            { MachineOf: "a@1.service", Replaces: "a@*.service" },
            /^error X-Fleet\.Replaces: .*must not match/,
        ],
        [
            { MachineMetadata: ["role=web", "role"] },
            /^error X-Fleet\.MachineMetadata\[1\]: got "role"; fleet drops/,
        ],
        [{ MachineMetadata: "a=b c=d" }, /fleet drops/],
        [{ MachineMetadata: '"a=b"  "c=d"' }, /got ""; fleet drops/],
        [{ MachineMetadata: '"a=b" c=d' }, /fleet drops/],
        [{ MachineMetadata: "=b" }, /fleet drops/],
        [{ MachineMetadata: "a=" }, /fleet drops/],
        [{ MachineMetadata: "a=b,c" }, /no machine can have this; .*must not contain ","/],
        [{ MachineMetadata: "a = b" }, /must not begin or end with a blank/],
        [{ MachineMetadata: 'a="b"' }, /must not contain "\\""/],
        [{ MachineMetadata: "a=b\\\n c" }, /does not join lines/],
        [{ MachineID: "" }, /^error X-Fleet\.MachineID: got ""; must be a machine's id/],
        [{ MachineID: ["a", "b"] }, /^error X-Fleet\.MachineID: got 2 values; fleet reads one/],
        [{ Global: ["true", "false"] }, /^error X-Fleet\.Global: got 2 values/],
        [{ Global: "maybe" }, /^error X-Fleet\.Global: got "maybe"; one of true, yes/],
        [
            { MachineOf: "a.service b.service" },
            /^error X-Fleet\.MachineOf: .*full name of one unit/,
        ],
        [{ MachineOf: "a" }, /full name of one unit/],
        [{ MachineOf: "a@*.service" }, /full name of one unit/],
        [{ MachineOf: "a@.service" }, /a template never runs/],
        [{ MachineOf: "hello@%i.service" }, /can't wait for itself/],
        [{ MachineOf: "%n" }, /can't wait for itself/],
        [
            { Conflicts: ["a@*.service", "b[.service"] },
            /^error X-Fleet\.Conflicts\[1\]: .*"b\[\.service" is no glob/,
        ],
        [{ Conflicts: "a.service [z-]" }, /"\[z-\]" is no glob/],
        [{ Replaces: "[" }, /^error X-Fleet\.Replaces: .*is no glob/],
        [
            { Machinemetadata: "a=b" },
            /^error X-Fleet\.Machinemetadata: fleet knows no Machinemetadata .* MachineID, MachineOf, MachineMetadata, Conflicts, Global, Replaces$/,
        ],
        [{ MachineMetadata: "role=%H" }, /^warning X-Fleet\.MachineMetadata: .*leaves %H as it is/],
        [{ Conflicts: "hello" }, /^warning X-Fleet\.Conflicts: .*"hello" matches no unit/],
        [
            { "X-Conflicts": "a.service" },
            /^warning X-Fleet\.X-Conflicts: X-Conflicts is the old name of Conflicts/,
        ],
        [{ "X-ConditionMachineMetadata": "a=b" }, /^warning .*old name of MachineMetadata/],
        [{ "X-ConditionMachineOf": "a.service" }, /^warning .*old name of MachineOf/],
        [{ "X-ConditionMachineID": "a" }, /^warning .*old name of MachineID/],
        [{ "X-ConditionMachineBootID": "a" }, /^warning .*old name of MachineID/],
    ];

for (const [section, problem] of refused) {
    test(`reports ${JSON.stringify(section)}`, () => {
        const texts = judge("hello@.service", { Service, "X-Fleet": section });
        assert.equal(texts.length, 1, texts.join("\n"));
        assert.match(texts.join(), problem);
    });
}

test("old names count in combinations", () => {
    const texts = judge("a.service", {
        Service,
        "X-Fleet": { "X-ConditionMachineID": "a", "X-Conflicts": "b.service" },
    });
    assert.match(
        texts.join("\n"),
        /^error X-Fleet\.X-Conflicts: fleet refuses Conflicts together/m,
    );
});

test("reports everything at once", () => {
    const section: Record<string, string> = { Global: "x", MachineMetadata: "y" };
    const texts = judge("a@1.mount", {
        Unit: { Description: "x".repeat(2100) },
        Service: { ExecStart: "./a" },
        "X-Fleet": section,
        Install: { WantedBy: "multi-user.target" },
    });
    assert.deepEqual(
        texts.map((text) => text.replace(/:.*/s, "")),
        [
            "error Unit.Description",
            "error Service.ExecStart",
            "error name",
            "error X-Fleet.Global",
            "error X-Fleet.MachineMetadata",
            "warning Install",
        ],
    );
});

test("reports a name without a type", () => {
    const texts = judge("a", { Service, "X-Fleet": { MachineOf: "%n" } });
    assert.match(texts[0] ?? "", /^error name: got "a"/);
});
