import * as pulumi from "@pulumi/pulumi";
import { type FleetUnit, parseUnitName } from "../fleet/index.js";
import { aboutUnknown, groupUnits, serviceName } from "../plan/service/index.js";
import { given, type Problem } from "../problem.js";
import type {
    ServiceArgs,
    ServiceFileArgs,
    ServiceFolderArgs,
    UnitInput,
} from "../service-args.js";
import type { Section } from "../systemd/index.js";
import { type DeepInput, isInput, resolved } from "./inputs.js";
import { rejectArguments } from "./reject.js";
import { type ReadUnitFile, readUnitFile, readUnitFolder } from "./unit-folder.js";

/** A service as unit files declare it. */
export interface FiledService {
    readonly name: string;
    readonly args: ServiceArgs;
}

/**
 * The service of one unit file.
 *
 * @throws pulumi.RunError for a file that is not there, or no unit file, and for a template without `instances`
 */
export function serviceOfFile(path: string, args: ServiceFileArgs): FiledService {
    const read = readUnitFile(path);
    const problems = [...read.problems];
    if (problems.length === 0) {
        problems.push(...instanceProblems(read.file, args.instances, ""));
    }
    rejectArguments(`Service of ${path}`, problems);
    const { unit, ...others } = args;
    return { name: serviceName(read.file), args: { ...others, unit: overlaid(read.unit, unit) } };
}

/**
 * The services of a folder of unit files.
 *
 * @throws pulumi.RunError with everything that is wrong with the folder
 */
export function servicesOfFolder(folder: string, args: ServiceFolderArgs): FiledService[] {
    const { cluster, services = {} } = args;
    const { files, problems } = readUnitFolder(folder);
    const units = new Map(files.map((read) => [read.file, read]));
    const groups = groupUnits(Object.fromEntries(files.map(({ file, unit }) => [file, unit])));
    const names = Array.from(groups.keys(), serviceName);
    rejectArguments(`Services of ${folder}`, [
        ...problems,
        ...Object.keys(services).flatMap((name): Problem[] =>
            problems.length > 0 || names.includes(name)
                ? []
                : [
                      {
                          path: `services.${name}`,
                          given: given(name),
                          allowed: `is none of the folder's services; ${aboutUnknown(name, names)}`,
                      },
                  ],
        ),
        ...Array.from(groups.keys()).flatMap((main) => {
            const name = serviceName(main);
            return instanceProblems(main, services[name]?.instances, `services.${name}.`);
        }),
    ]);
    return Array.from(groups, ([main, others]) => {
        const name = serviceName(main);
        const { unit, units: further = {}, ...settings } = services[name] ?? {};
        const own = others.map((file) => [serviceName(file), documentOf(units, file)] as const);
        const keys = new Set(own.map(([key]) => key));
        return {
            name,
            args: {
                ...settings,
                cluster,
                unit: overlaid(documentOf(units, main), unit),
                units: {
                    ...Object.fromEntries(
                        own.map(([key, document]) => [key, furtherUnit(document, further[key])]),
                    ),
                    ...Object.fromEntries(
                        Object.entries(further).filter(([key]) => !keys.has(key)),
                    ),
                },
            },
        };
    });
}

function documentOf(units: ReadonlyMap<string, ReadUnitFile>, file: string): FleetUnit {
    return units.get(file)?.unit ?? {};
}

function instanceProblems(
    file: string,
    instances: ServiceArgs["instances"],
    path: string,
): Problem[] {
    const { isTemplate } = parseUnitName(file);
    const problem = (allowed: string) => [{ path: `${path}instances`, allowed }];
    if (isTemplate && instances === undefined) {
        return problem(`must be given: ${file} is a template; how many instances, or their names`);
    }
    return !isTemplate && instances !== undefined
        ? problem(`must be left out: ${file} is no template`)
        : [];
}

/** A text takes a further unit's place; sections replace its directives. */
function furtherUnit(unit: FleetUnit, by: UnitInput | undefined): UnitInput {
    return typeof by === "string" || isInput(by)
        ? (by as UnitInput)
        : overlaid(unit, by as DeepInput<FleetUnit> | undefined);
}

/** The unit with directives that replace those of the same name, any of which may be an output. */
function overlaid(unit: FleetUnit, by: DeepInput<FleetUnit> | undefined): DeepInput<FleetUnit> {
    if (isInput(by)) {
        return resolved<FleetUnit>(by as DeepInput<FleetUnit>).apply((known) =>
            mergedSections(unit, known),
        );
    }
    return mergedSections(unit, { ...by }) as DeepInput<FleetUnit>;
}

function mergedSections(unit: FleetUnit, by: object): FleetUnit {
    const sections = Object.entries(by).map(([name, section]) => [
        name,
        isInput(section)
            ? pulumi.output(section).apply((known) => merged(unit[name], known))
            : merged(unit[name], section),
    ]);
    return { ...unit, ...Object.fromEntries(sections) };
}

/** An empty text or list removes a directive. */
function merged(section: Section | undefined, by: unknown): Section {
    const given = Object.entries(Object(by)).filter(([, value]) => value !== undefined);
    const both = Object.entries({ ...section, ...Object.fromEntries(given) });
    return Object.fromEntries(both.filter(([, value]) => value !== "")) as Section;
}
