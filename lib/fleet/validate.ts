import { given, type Problem } from "../problem.js";
import { directivesOf, parseUnitName, validateUnit, validateUnitName } from "../systemd/index.js";
import { validateCombinations } from "./combinations.js";
import type { FleetUnit } from "./document.js";
import { compileGlob } from "./glob.js";
import { unreadableMetadata } from "./metadata.js";
import { validateFleetUnitName } from "./names.js";
import {
    isTruthy,
    metadataPair,
    type RequirementValue,
    requirementKeys,
    requirementValues,
    words,
} from "./requirements.js";
import { expandSpecifiers } from "./specifiers.js";

/**
 * Everything that is wrong with a unit for fleet: all that `validateUnit` reports, what fleet refuses,
 * and what it would drop without a word. Lines above 2048 bytes are errors here. Sources: fleet 1.0.0,
 * api/units.go, job/job.go, unit/unit.go; go-systemd, unit/deserialize.go.
 *
 * @param name the unit's name, at path `name`; a service's is that of its template.
 */
export function validateFleetUnit(name: string, unit: FleetUnit): Problem[] {
    const document = validateUnit(name, unit, { longLine: "error" });
    const named = document.every(({ path }) => path !== "name");
    const values = requirementValues(unit);
    return [
        ...document,
        ...(named ? validateFleetUnitName(name) : []),
        ...values.flatMap((value) => validateValue(name, value)),
        ...validateSingle(values),
        ...validateCombinations(unit),
        ...validateInstall(unit),
    ];
}

function validateValue(name: string, { key, value, path }: RequirementValue): Problem[] {
    const meaning = requirementKeys.get(key);
    if (meaning === undefined) {
        const known = Array.from(requirementKeys.values()).slice(0, 6).join(", ");
        return [{ path, allowed: `fleet knows no ${key} in [X-Fleet]; it knows ${known}` }];
    }
    const wrong = value.includes("\n")
        ? "fleet does not join lines in [X-Fleet]; write one"
        : judges[meaning]?.(value, name);
    return [
        ...(wrong === undefined ? [] : [{ path, given: given(value), allowed: wrong }]),
        ...warnings(meaning, { key, value, path }),
    ];
}

/** What is wrong with one value, by the meaning of its key. */
const judges: Readonly<Record<string, (value: string, name: string) => string | undefined>> = {
    MachineID: (value) => (value === "" ? "must be a machine's id" : undefined),
    MachineOf: judgePeer,
    MachineMetadata: judgePair,
    Conflicts: (value) => words(value).map(judgeGlob).find(Boolean),
    Replaces: judgeGlob,
    Global: (value) =>
        isTruthy(value) || /^(false|no|0|off|f)$/i.test(value)
            ? undefined
            : "one of true, yes, 1, on, t, false, no, 0, off, f",
};

function judgePeer(value: string, name: string): string | undefined {
    const plain = value.replaceAll("%n", () => name).replace(/%[Npi]/g, "x");
    if (validateUnitName(plain).length > 0) {
        return "must be the full name of one unit, such as db.service; a list for several";
    }
    if (expandSpecifiers(value, name) === name) {
        return "a unit can't wait for itself";
    }
    return parseUnitName(plain).isTemplate
        ? "a template never runs; name an instance, such as db@%i.service"
        : undefined;
}

function judgePair(value: string): string | undefined {
    const pair = metadataPair(value);
    if (pair === undefined) {
        return "fleet drops what is not key=value without a word; write one pair, and a list for several";
    }
    const [key, wanted] = pair;
    const wrong = [unreadableMetadata(key), unreadableMetadata(wanted)].find(Boolean);
    return wrong === undefined
        ? undefined
        : `no machine can have this; a key or value of metadata ${wrong}`;
}

function judgeGlob(glob: string): string | undefined {
    return glob === "" || compileGlob(glob) === undefined
        ? `${given(glob)} is no glob, and matches nothing; a glob is made of *, ?, [a-z], [^a-z]`
        : undefined;
}

function warnings(meaning: string, { key, value, path }: RequirementValue): Problem[] {
    const found: Problem[] = [];
    const warn = (allowed: string) => {
        found.push({ path, given: given(value), allowed, severity: "warning" });
    };
    if (key !== meaning) {
        found.push({
            path,
            allowed: `${key} is the old name of ${meaning}`,
            severity: "warning",
        });
    }
    const specifier = /%(?![nNpi])./.exec(value)?.[0];
    if (specifier !== undefined) {
        warn(`fleet leaves ${specifier} as it is; it replaces %n, %N, %p and %i only`);
    }
    if (meaning === "Conflicts") {
        const plain = words(value.replace(/%[nNpi]/g, "*"));
        for (const word of plain.filter((each) => !/[*?[\\.]/.test(each))) {
            warn(`${given(word)} matches no unit; a unit's name ends in its type`);
        }
    }
    return found;
}

/** Keys of which fleet reads one value only. */
function validateSingle(values: readonly RequirementValue[]): Problem[] {
    return ["MachineID", "Global"].flatMap((meaning): Problem[] => {
        const own = values.filter(({ key }) => requirementKeys.get(key) === meaning);
        const [first] = own;
        return first === undefined || own.length === 1
            ? []
            : [
                  {
                      path: `X-Fleet.${first.key}`,
                      given: `${own.length} values`,
                      allowed: "fleet reads one of them only; leave one",
                  },
              ];
    });
}

function validateInstall(unit: FleetUnit): Problem[] {
    return directivesOf(unit).every(({ section }) => section !== "Install")
        ? []
        : [
              {
                  path: "Install",
                  allowed:
                      "fleet enables a unit that has [Install], and systemd may then start it without fleet; leave it out",
                  severity: "warning",
              },
          ];
}
