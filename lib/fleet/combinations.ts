import { given, type Problem } from "../problem.js";
import type { FleetUnit } from "./document.js";
import { compileGlob } from "./glob.js";
import { requirementKeys, requirementsOf, requirementValues } from "./requirements.js";

/**
 * Requirements that fleet 1.0.0 refuses together, with the answer 400, before it expands specifiers
 * (api/units.go).
 */
export function validateCombinations(unit: FleetUnit): Problem[] {
    const { machineId, machineOf, conflicts, replaces, global } = requirementsOf(unit);
    const present: Readonly<Record<string, boolean>> = {
        MachineID: machineId !== undefined,
        MachineOf: machineOf.length > 0,
        Conflicts: conflicts.length > 0,
        Replaces: replaces.length > 0,
        Global: global,
    };
    const refused = refusedPairs
        .filter(([one, other]) => present[one] && present[other])
        .map(
            ([one, other]): Problem => ({
                path: pathOf(unit, other),
                allowed: `fleet refuses ${other} together with ${one}; remove one of them`,
            }),
        );
    const globs = [
        ...conflicts.map((glob) => ["Conflicts", glob] as const),
        ...replaces.map((glob) => ["Replaces", glob] as const),
    ];
    const contradictions = machineOf.flatMap((peer) =>
        globs
            .filter(([, glob]) => compileGlob(glob)?.test(peer))
            .map(
                ([key, glob]): Problem => ({
                    path: pathOf(unit, key),
                    given: given(glob),
                    allowed: `must not match ${given(peer)}, which MachineOf asks for`,
                }),
            ),
    );
    return [...refused, ...contradictions];
}

const refusedPairs: readonly (readonly [string, string])[] = [
    ["MachineID", "MachineOf"],
    ["MachineID", "Conflicts"],
    ["MachineID", "Global"],
    ["MachineID", "Replaces"],
    ["Global", "MachineOf"],
    ["Global", "Replaces"],
    ["Conflicts", "Replaces"],
];

/** Where the directive of that meaning stands, under whichever name. */
function pathOf(unit: FleetUnit, key: string): string {
    const written = requirementValues(unit).find((each) => requirementKeys.get(each.key) === key);
    return `X-Fleet.${written?.key ?? key}`;
}
