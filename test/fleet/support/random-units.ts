import fc from "fast-check";
import type { MachineFacts, PlacedUnit, XFleetSection } from "../../../lib/fleet/index.js";
import type { SimulatedUnit } from "./engine.js";

const names = [
    "a@1.service",
    "a@2.service",
    "a@3.service",
    "b.service",
    "c.service",
    "d@1.service",
    "d@2.service",
];
const globs = ["a@*.service", "a@1.service", "*", "b.*", "%p@[23].service", "x.service", "["];
const pairs = ["role=web", "role=db", "zone=a", "nr=%i", "malformed"];

const some = (texts: readonly string[], most = 2): fc.Arbitrary<string[]> =>
    fc.subarray([...texts], { minLength: 1, maxLength: most });

const metadata = fc.record({ MachineMetadata: some(pairs) }, { requiredKeys: [] });
const peers = fc.record({ MachineOf: some([...names, "x.service", "a@%i.service"]) });

/** What fleet accepts together: not everything goes with everything. */
const section: fc.Arbitrary<XFleetSection> = fc
    .tuple(
        metadata,
        fc.oneof(
            { weight: 3, arbitrary: fc.constant({}) },
            { weight: 3, arbitrary: fc.record({ Conflicts: some(globs) }) },
            { weight: 2, arbitrary: fc.record({ Replaces: some(globs) }) },
            { weight: 2, arbitrary: peers },
            {
                weight: 1,
                arbitrary: fc.record({ Conflicts: some(globs, 1), MachineOf: some(names, 1) }),
            },
            { weight: 1, arbitrary: fc.constant({ Global: true }) },
            {
                weight: 1,
                arbitrary: fc.record({ Conflicts: some(globs), Global: fc.constant(true) }),
            },
            {
                weight: 1,
                arbitrary: fc.record({
                    MachineID: fc.constantFrom("00000002", "00000001aa", "zz"),
                }),
            },
        ),
    )
    .map(([one, other]) => ({ ...one, ...other }));

/** Some units. */
export const someUnits: fc.Arbitrary<PlacedUnit[]> = fc
    .subarray(names, { minLength: 1 })
    .chain((chosen) =>
        fc.tuple(
            ...chosen.map((name) => section.map((own) => ({ name, unit: { "X-Fleet": own } }))),
        ),
    );

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
