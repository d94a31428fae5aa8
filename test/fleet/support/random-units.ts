import fc from "fast-check";
import type { MachineFacts, PlacedUnit, XFleetSection } from "../../../lib/fleet/index.js";
import type { SimulatedUnit } from "./engine.js";

const pairs = ["role=web", "role=db", "zone=a", "nr=%i", "malformed"];

/** What sets units apart from those of another draw. */
export interface UnitSource {
    /** What each name begins with. */
    readonly prefix: string;
    /** Names without the prefix. */
    readonly names: readonly string[];
    /** Values of `MachineID`. */
    readonly ids: readonly string[];
}

/** Names of the units that {@link someUnits} has some of. */
export const fewNames = [
    "a@1.service",
    "a@2.service",
    "a@3.service",
    "b.service",
    "c.service",
    "d@1.service",
    "d@2.service",
];

const some = (texts: readonly string[], most = 2): fc.Arbitrary<string[]> =>
    fc.subarray([...texts], { minLength: 1, maxLength: most });

/** What fleet accepts together: not everything goes with everything. */
function sectionsOf({ prefix, names, ids }: UnitSource): fc.Arbitrary<XFleetSection> {
    const full = names.map((name) => prefix + name);
    const globs = [`${prefix}a@*.service`, `${prefix}a@1.service`, "*", `${prefix}b.*`];
    globs.push("%p@[23].service", "x.service", "[");
    const other: [number, fc.Arbitrary<XFleetSection>][] = [
        [3, fc.constant({})],
        [3, fc.record({ Conflicts: some(globs) })],
        [2, fc.record({ Replaces: some(globs) })],
        [2, fc.record({ MachineOf: some([...full, "x.service", `${prefix}a@%i.service`]) })],
        [1, fc.record({ Conflicts: some(globs, 1), MachineOf: some(full, 1) })],
        [1, fc.constant({ Global: true })],
        [1, fc.record({ Conflicts: some(globs), Global: fc.constant(true) })],
        [1, fc.record({ MachineID: fc.constantFrom(...ids) })],
    ];
    return fc
        .tuple(
            fc.record({ MachineMetadata: some(pairs) }, { requiredKeys: [] }),
            fc.oneof(...other.map(([weight, arbitrary]) => ({ weight, arbitrary }))),
        )
        .map(([one, more]) => ({ ...one, ...more }));
}

/** Some of the names, each with a unit. */
export function unitsFrom(source: UnitSource): fc.Arbitrary<PlacedUnit[]> {
    const section = sectionsOf(source);
    return fc.subarray([...source.names], { minLength: 1 }).chain((chosen) =>
        fc.tuple(
            ...chosen.map((name) =>
                section.map((own) => ({
                    name: source.prefix + name,
                    unit: { "X-Fleet": own },
                })),
            ),
        ),
    );
}

/** Some units, few enough to try every way to place them. */
export const someUnits = unitsFrom({
    prefix: "",
    names: fewNames,
    ids: ["00000002", "00000001aa", "zz"],
});

/** Up to four machines, whose ids order them otherwise than their names. */
export const someMachines: fc.Arbitrary<(MachineFacts & { readonly id: string })[]> = fc
    .array(
        fc.record(
            {
                role: fc.constantFrom("web", "db"),
                zone: fc.constantFrom("a", "b"),
                nr: fc.constantFrom("1", "2"),
            },
            { requiredKeys: [], noNullPrototype: true },
        ),
        { maxLength: 4 },
    )
    .map((all) =>
        all.map((own, index) => ({
            name: `m${index + 1}`,
            id: `0000000${9 - index > 7 ? index + 1 : 9 - index}aa`,
            metadata: Object.fromEntries(
                Object.entries(own).map(([key, value]) => [key, String(value)]),
            ),
        })),
    );

/** The same unit as the simulation has it, read by other means than the library's. */
export function simulated({ name, unit }: PlacedUnit): SimulatedUnit {
    const [, prefix = "", instance = ""] = /^([^@.]*)@?([^.]*)\./.exec(name) ?? [];
    const own = (key: string): string[] =>
        [unit["X-Fleet"]?.[key] ?? []]
            .flat()
            .map((value) => String(value).replaceAll("%p", prefix).replaceAll("%i", instance));
    const [machineId] = own("MachineID");
    return {
        name,
        ...(machineId === undefined ? {} : { machineId }),
        machineOf: own("MachineOf"),
        metadata: own("MachineMetadata"),
        conflicts: own("Conflicts"),
        replaces: own("Replaces"),
        global: own("Global").join() === "true",
    };
}

/** Numbers from 0 to below 1 that follow from a seed (mulberry32). */
export function numbersFrom(seed: number): () => number {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}
