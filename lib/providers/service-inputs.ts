import type { Connection } from "../connection.js";

/** What fleet is asked to run for one service. */
export interface ServiceInputs extends Record<string, unknown> {
    /** Text of the unit file, of which every instance is a copy. Marked as ours by `[X-Pulumi]`. */
    readonly unit: string;
    /** Name of the template that is kept in fleet's registry; absent for a unit that is no template. */
    readonly template?: string;
    /** Names of the units that run. */
    readonly units: readonly string[];
    /** `Owner=` of the section `[X-Pulumi]` in the text. */
    readonly owner: string;
    /** How the cluster is reached. No change by itself. */
    readonly connection: Connection;
}

/** What is remembered of a service. */
export interface ServiceState extends ServiceInputs {
    /** SHA-1 of the text, as fleet computes it. */
    readonly hash: string;
    /** The units whose text is not the one of `hash`: those that a cut-off roll did not reach. */
    readonly outdated: readonly string[];
}

/** Section that marks a unit as made by this library; systemd ignores it (systemd.unit(5): `X-`). */
export const OWNER_SECTION = "X-Pulumi";
/** Directive of {@link OWNER_SECTION}. */
export const OWNER_DIRECTIVE = "Owner";
