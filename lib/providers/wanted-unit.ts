import type { DesiredState } from "../clients/fleet.js";
import {
    fromOptions,
    hashOptions,
    requirementsOf,
    toOptions,
    type UnitOption,
    unitText,
} from "../fleet/index.js";
import { parseUnit } from "../systemd/index.js";
import { OWNER_DIRECTIVE, OWNER_SECTION, type ServiceInputs } from "./service-inputs.js";

/** A unit as fleet is to have it. */
export interface WantedUnit {
    readonly name: string;
    readonly options: readonly UnitOption[];
    /** SHA-1 of the text, as fleet has it. */
    readonly hash: string;
    readonly state: DesiredState;
    /** Whether another unit starts it: then it may run though it is only loaded. */
    readonly isTriggered: boolean;
    readonly isGlobal: boolean;
    /** Whether it ends when its work is done. */
    readonly isOneshot: boolean;
}

/** One of a service's units, as it was declared. */
export function wantedUnit(name: string, inputs: ServiceInputs): WantedUnit {
    const isTriggered = inputs.triggered.includes(name);
    const state = isTriggered && inputs.state === "launched" ? "loaded" : inputs.state;
    return unitOf(name, declaredOptions(name, inputs), state, isTriggered);
}

/** A unit of that text and state. */
export function unitOf(
    name: string,
    options: readonly UnitOption[],
    state: DesiredState,
    isTriggered = false,
): WantedUnit {
    return {
        name,
        options,
        hash: hashOptions(options),
        state,
        isTriggered,
        isGlobal: requirementsOf(fromOptions(options), name).global,
        isOneshot: options.some(
            ({ section, name: key, value }) =>
                section === "Service" && key === "Type" && value === "oneshot",
        ),
    };
}

/** The options of a unit or template: those of its own file, or of its template's. */
export function declaredOptions(name: string, { files }: ServiceInputs): UnitOption[] {
    return toOptions(parseUnit(unitText(files, name) ?? ""));
}

/** Names of the files that are templates: fleet has them too, and never runs them. */
export function templatesOf({ files, units }: ServiceInputs): string[] {
    return Object.keys(files).filter((name) => !units.includes(name));
}

/** Whose unit it is; empty for one that was made by hand. */
export function ownerOf(options: readonly UnitOption[] | undefined): string {
    const mark = options?.find(
        ({ section, name }) => section === OWNER_SECTION && name === OWNER_DIRECTIVE,
    );
    return mark?.value ?? "";
}
