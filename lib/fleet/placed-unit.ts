import type { FleetUnit } from "./document.js";

/** What is known of a machine before it exists. */
export interface MachineFacts {
    readonly name: string;
    readonly metadata: Readonly<Record<string, string>>;
}

/** A unit that fleet is to run: a plain unit or an instance, by its full name. */
export interface PlacedUnit {
    readonly name: string;
    readonly unit: FleetUnit;
}
