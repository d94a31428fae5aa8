import assert from "node:assert/strict";
import { test } from "node:test";
import { possiblePlacements, type XFleetSection } from "../../lib/fleet/index.js";

const m1 = { name: "m1", id: "1".repeat(32), metadata: { role: "web" } };
const m2 = { name: "m2", id: "2".repeat(32), metadata: {} };

/** What the model says of units, each with the machine on which it stands, or none. */
function placements(units: Readonly<Record<string, readonly [on: string, XFleetSection]>>) {
    const placed = Object.entries(units).map(([name, [on, section]]) => ({
        name,
        unit: { "X-Fleet": section },
        ...(on === "" ? {} : { on }),
    }));
    const found = possiblePlacements(placed, [m1, m2], { complete: true });
    return new Map(
        found.map(({ name, machines, certain, loose, reason }) => [
            name,
            { on: machines.map((one) => one.name).join(), certain: certain?.name, loose, reason },
        ]),
    );
}

test("a unit goes where its peer is given a machine, though a global one keeps the peer from running", () => {
    const found = placements({
        "a@2.service": ["", { Global: true }],
        "a@3.service": ["m2", { Conflicts: "a@2.service" }],
        "b.service": ["m1", { MachineOf: "a@3.service" }],
    });
    assert.match(found.get("a@3.service")?.reason ?? "", /conflicts with a@2\.service/);
    assert.deepEqual(found.get("b.service"), {
        on: "m2",
        certain: "m2",
        loose: false,
        reason: undefined,
    });
});

test("what a global unit keeps off may be seen while Replaces puts another in the global one's way", () => {
    const loose = (replaces: string) =>
        Array.from(
            placements({
                "a.service": ["", { MachineMetadata: "role=web" }],
                "b.service": ["", { Global: true, Conflicts: "*" }],
                "c.service": ["", { Global: true }],
                "d.service": ["", { Replaces: replaces }],
            }),
            ([name, own]) => (own.loose ? [name] : []),
        ).flat();
    assert.deepEqual(loose("x.service"), []);
    assert.deepEqual(loose("a.service"), ["a.service", "c.service", "d.service"]);
});
