import type { FleetUnit } from "../fleet/index.js";
import type { InstanceShape, ServiceTexts } from "../plan/service/index.js";
import type { EnvironmentArgs, InstanceArgs, ServiceArgs, UnitInput } from "../service-args.js";
import type { Scalar } from "../systemd/index.js";
import { type DeepInput, isInput, isPlain, knownParts, plainValue } from "./inputs.js";

/** What of a unit is looked at while the program runs. */
export type Look = (unit: UnitInput) => FleetUnit | string;

/** Stands for a unit that is not known yet. */
const LATER: FleetUnit = { Service: { ExecStart: "/bin/true" } };
const NEVER = /(?!)/;

/** A unit as far as it is known. */
export const inPart: Look = (unit) => {
    if (isInput(unit)) {
        return LATER;
    }
    const { value } = knownParts<FleetUnit | string>(unit, NEVER);
    return value;
};

/** A unit that is known as a whole, or another in its place. */
export const asAWhole: Look = (unit) => plainValue<FleetUnit | string>(unit) ?? LATER;

/** The texts of a service, with each unit as it is known. */
export function knownTexts(args: ServiceArgs, look: Look): ServiceTexts {
    const { unit, units, instances, environment, dropIns } = args;
    return {
        unit: look(unit),
        ...(units === undefined ? {} : { units: mapped(units, look) }),
        ...(dropIns === undefined ? {} : { dropIns: mapped(dropIns, look) }),
        ...(environment === undefined ? {} : { environment: knownEnvironment(environment) }),
        ...(instances === undefined
            ? {}
            : {
                  instances: isRecord(instances)
                      ? mapped(instances, (own) => knownInstance(own, look))
                      : instances,
              }),
    };
}

/** Paths of the texts that are not known yet. */
export function latePaths({ unit, units, instances, dropIns }: ServiceArgs): string[] {
    const below = (path: string, texts: Readonly<Record<string, unknown>> | undefined) =>
        Object.entries(texts ?? {})
            .filter(([, text]) => !isPlain(text))
            .map(([key]) => `${path}.${key}`);
    const overrides = isRecord(instances) ? Object.entries(instances) : [];
    return [
        ...(isPlain(unit) ? [] : ["unit"]),
        ...below("units", units),
        ...below("dropIns", dropIns),
        ...overrides.flatMap(([id, own]) => below(`instances.${id}`, { ...own })),
    ];
}

/** Paths at which an output stands for names that must be known while the program runs. */
export function lateNames(args: ServiceArgs): string[] {
    const { units, instances, environment, dropIns, secrets, check, rollout } = args;
    const settings = { state: args.state, adopt: args.adopt, stopDelay: args.stopDelay };
    const records = { units, instances, environment, dropIns, secrets };
    const overrides = isRecord(instances) ? Object.entries(instances) : [];
    return [
        ...Object.entries({ check, rollout, ...settings }).flatMap(([path, value]) =>
            isPlain(value) ? [] : [path],
        ),
        ...Object.entries(records).flatMap(([path, value]) => (isInput(value) ? [path] : [])),
        ...overrides.flatMap(([id, own]) =>
            isInput(own)
                ? [`instances.${id}`]
                : Object.entries({ environment: own?.environment, units: own?.units }).flatMap(
                      ([key, value]) => (isInput(value) ? [`instances.${id}.${key}`] : []),
                  ),
        ),
    ];
}

function knownInstance(own: InstanceArgs, look: Look): InstanceShape {
    const { unit, environment, units } = own ?? {};
    const partial = (one: DeepInput<FleetUnit>): FleetUnit => {
        const known = look(one);
        return typeof known === "string" ? {} : known;
    };
    return {
        ...(unit === undefined ? {} : { unit: partial(unit) }),
        ...(environment === undefined ? {} : { environment: knownEnvironment(environment) }),
        ...(units === undefined ? {} : { units: mapped(units, partial) }),
    };
}

function knownEnvironment(variables: EnvironmentArgs): Record<string, Scalar> {
    return mapped(variables, (value) => plainValue<Scalar>(value) ?? "");
}

function isRecord(
    instances: ServiceArgs["instances"],
): instances is Readonly<Record<string, InstanceArgs>> {
    return typeof instances === "object" && instances !== null && !Array.isArray(instances);
}

function mapped<From, To>(
    record: Readonly<Record<string, From>>,
    to: (value: From) => To,
): Record<string, To> {
    return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));
}
