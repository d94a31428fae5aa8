import type { FleetUnit } from "./document.js";

/** What is known of a machine, before it exists or of one that does. */
export interface MachineFacts {
    /** The machine's name, for messages. */
    readonly name: string;
    /** Its fleet metadata. */
    readonly metadata: Readonly<Record<string, string>>;
    /** Its `/etc/machine-id`, where the machine exists. Without it, it may be any. */
    readonly id?: string;
}

/** A unit that fleet is to run: a plain unit or an instance, by its full name. */
export interface PlacedUnit {
    /** Name with its suffix: `hello@1.service`. */
    readonly name: string;
    /** What it is; that of the template, for an instance. */
    readonly unit: FleetUnit;
    /**
     * Name of the machine to which fleet has given it already. A global unit is given to none; any text
     * here says that fleet knows it already.
     */
    readonly on?: string;
}
