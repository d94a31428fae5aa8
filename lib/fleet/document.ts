import type { Section, Switch, Texts, UnitDocument } from "../systemd/index.js";

/**
 * `[X-Fleet]`: where fleet runs a unit. `%n`, `%N`, `%p` and `%i` are replaced in every value, other
 * specifiers are not. Source: fleet 1.0.0, job/job.go and api/units.go.
 */
export interface XFleetSection extends Section {
    /** Only the machine with this id (`/etc/machine-id`, or its first 8 characters). The first value counts. */
    readonly MachineID?: string | undefined;
    /** Only beside these units, each by its full name; they must be scheduled first. */
    readonly MachineOf?: Texts | undefined;
    /** Only machines with this metadata: `key=value`, one pair an entry. Pairs of one key are alternatives. */
    readonly MachineMetadata?: Texts | undefined;
    /** Never beside units whose name matches one of these globs, whichever of the two says so. */
    readonly Conflicts?: Texts | undefined;
    /** Run on every machine that MachineMetadata and Conflicts allow. Default false. */
    readonly Global?: Switch | undefined;
    /** Globs of units that are moved to another machine when this one arrives. */
    readonly Replaces?: Texts | undefined;
}

/** A unit file for fleet. */
export type FleetUnit = UnitDocument & { readonly "X-Fleet"?: XFleetSection | undefined };
