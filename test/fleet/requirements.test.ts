import assert from "node:assert/strict";
import { test } from "node:test";
import { type FleetUnit, fromOptions, requirementsOf } from "../../lib/fleet/index.js";

function unit(...lines: [name: string, value: string][]): FleetUnit {
    return fromOptions(lines.map(([name, value]) => ({ section: "X-Fleet", name, value })));
}

test("reads requirements with their old names, quoted lines and specifiers", () => {
    const requirements = requirementsOf(
        unit(
            ["MachineID", "one"],
            ["MachineID", "two"],
            ["X-ConditionMachineOf", "a@%i.service"],
            ["MachineOf", "b.service c.service"],
            ["MachineMetadata", '"role=web" "zone=%p"'],
            ["X-ConditionMachineMetadata", "role=api"],
            ["MachineMetadata", "dropped"],
            ["Conflicts", '"%p@*.service d" "e"'],
            ["X-Conflicts", "f"],
            ["Replaces", "g h"],
        ),
        "hello@1.service",
    );
    assert.deepEqual(requirements, {
        machineId: "one",
        machineOf: ["a@1.service", "b.service c.service"],
        metadata: new Map([
            ["role", new Set(["api", "web"])],
            ["zone", new Set(["hello"])],
        ]),
        conflicts: ["f", "hello@*.service", "d", "e"],
        replaces: ["g h"],
        global: false,
    });
});

test("leaves specifiers where no name is given", () => {
    assert.deepEqual(requirementsOf(unit(["MachineOf", "a@%i.service"])).machineOf, [
        "a@%i.service",
    ]);
});

const globals: readonly [values: string[], global: boolean][] = [
    [[], false],
    [["true"], true],
    [["Yes"], true],
    [["1"], true],
    [["ON"], true],
    [["t"], true],
    [["y"], false],
    [["true", "no"], false],
    [["no", "true"], true],
];

for (const [values, global] of globals) {
    test(`Global ${values.join(", then ")} means ${global}`, () => {
        const lines = values.map((value): [string, string] => ["Global", value]);
        assert.equal(requirementsOf(unit(...lines)).global, global);
    });
}
