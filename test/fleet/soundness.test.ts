import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
    checkPlacement,
    compileGlob,
    type MachineFacts,
    type PlacedUnit,
    type XFleetSection,
} from "../../lib/fleet/index.js";
import { errorsOf } from "../../lib/problem.js";

const names = ["a@1.service", "a@2.service", "a@3.service", "b.service", "c.service"];
const globs = ["a@*.service", "a@1.service", "*", "b.*", "%p@[23].service", "x.service", "["];
const pairs = ["role=web", "role=db", "zone=a", "nr=%i", "malformed"];

const section: fc.Arbitrary<XFleetSection> = fc.record(
    {
        Conflicts: fc.subarray(globs, { minLength: 1, maxLength: 2 }),
        MachineOf: fc.subarray([...names, "x.service", "a@%i.service"], { maxLength: 2 }),
        MachineMetadata: fc.subarray(pairs, { maxLength: 2 }),
        MachineID: fc.constantFrom("one", "two"),
        Global: fc.constantFrom(true, false, false, false),
        Replaces: fc.constantFrom("a@*.service"),
    },
    { requiredKeys: [] },
);

const units: fc.Arbitrary<PlacedUnit[]> = fc
    .subarray(names, { minLength: 1 })
    .chain((chosen) =>
        fc.tuple(
            ...chosen.map((name) => section.map((own) => ({ name, unit: { "X-Fleet": own } }))),
        ),
    );

const machines: fc.Arbitrary<MachineFacts[]> = fc
    .array(
        fc.record(
            {
                role: fc.constantFrom("web", "db"),
                zone: fc.constantFrom("a", "b"),
                nr: fc.constantFrom("1", "2"),
            },
            { requiredKeys: [], noNullPrototype: true },
        ),
        { maxLength: 3 },
    )
    .map((all) =>
        all.map((metadata, index) => ({
            name: `m${index + 1}`,
            metadata: Object.fromEntries(
                Object.entries(metadata).map(([key, value]) => [key, String(value)]),
            ),
        })),
    );

test("what can be placed in any way gives no error", () => {
    const seen = { placed: 0, refused: 0 };
    fc.assert(
        fc.property(units, machines, (all, hosts) => {
            const errors = errorsOf(checkPlacement(all, hosts));
            const placeable = canPlace(all, hosts);
            seen.placed += placeable ? 1 : 0;
            seen.refused += errors.length > 0 ? 1 : 0;
            assert.deepEqual(placeable ? errors : [], []);
        }),
        { numRuns: 2000 },
    );
    assert.ok(seen.placed > 100 && seen.refused > 100, JSON.stringify(seen));
});

test("of mutually conflicting units, exactly what can't be placed gives an error", () => {
    const wanted = fc.subarray(["role=web", "role=db", "zone=a", "nr=1"], { maxLength: 2 });
    fc.assert(
        fc.property(fc.array(wanted, { maxLength: 4 }), machines, (all, hosts) => {
            const instances = all.map((MachineMetadata, index) => ({
                name: `a@${index}.service`,
                unit: { "X-Fleet": { Conflicts: "a@*.service", MachineMetadata } },
            }));
            const errors = errorsOf(checkPlacement(instances, hosts));
            assert.equal(errors.length === 0, canPlace(instances, hosts));
        }),
        { numRuns: 1000 },
    );
});

/**
 * Whether units can be scheduled one after the other, in some order on some machines, by the checks
 * that fleet makes each time: metadata, peers already there, no conflict with what is there.
 * Global units need no place, and of units that are not listed only the best is assumed.
 */
function canPlace(all: readonly PlacedUnit[], hosts: readonly MachineFacts[]): boolean {
    const own = (unit: PlacedUnit, key: string): string[] => {
        const [, prefix = "", instance = ""] = /^([^@.]*)@?([^.]*)\./.exec(unit.name) ?? [];
        return [unit.unit["X-Fleet"]?.[key] ?? []]
            .flat()
            .map((value) => String(value).replaceAll("%p", prefix).replaceAll("%i", instance));
    };
    const jobs = all.filter((unit) => own(unit, "Global").join() !== "true");
    const excludes = (one: PlacedUnit, other: PlacedUnit) =>
        own(one, "Conflicts").some((glob) => compileGlob(glob)?.test(other.name));
    const suits = (unit: PlacedUnit, host: MachineFacts) => {
        const wanted = own(unit, "MachineMetadata").filter((pair) => pair.includes("="));
        return wanted.every((pair) => {
            const key = pair.split("=")[0] ?? "";
            return wanted.includes(`${key}=${host.metadata[key]}`);
        });
    };
    const place = (
        left: readonly PlacedUnit[],
        placed: ReadonlyMap<PlacedUnit, MachineFacts>,
    ): boolean =>
        left.length === 0 ||
        left.some((unit) =>
            hosts.some((host) => {
                const there = Array.from(placed).flatMap(([other, on]) =>
                    on === host ? other : [],
                );
                const able =
                    suits(unit, host) &&
                    own(unit, "MachineOf").every(
                        (peer) =>
                            there.some(({ name }) => name === peer) ||
                            (!jobs.some(({ name }) => name === peer) &&
                                !own(unit, "Conflicts").some((glob) =>
                                    compileGlob(glob)?.test(peer),
                                ) &&
                                !all.some((other) => other.name === peer && excludes(other, unit))),
                    ) &&
                    !there.some((other) => excludes(unit, other) || excludes(other, unit));
                const others = left.filter((other) => other !== unit);
                return able && place(others, new Map([...placed, [unit, host]]));
            }),
        );
    return place(jobs, new Map());
}
