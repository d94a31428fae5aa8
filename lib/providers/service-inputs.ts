import type { DesiredState } from "../clients/fleet.js";
import type { Connection } from "../connection.js";

/** What must answer before an instance counts as done. Specifiers `%i`, `%p`, `%n` and `%N` are replaced. */
export interface ServiceCheck {
    /** An HTTP GET on the instance's machine, which must answer with a status below 400. */
    readonly http?: { readonly port: string; readonly path: string };
    /** A TCP port on the instance's machine that must accept a connection. */
    readonly tcp?: { readonly port: string };
    /** A command on the instance's machine, run as root by `/bin/sh`, that must succeed. */
    readonly command?: string;
    /** Seconds that one attempt may take. */
    readonly timeout: number;
}

/** How a changed text reaches the instances. */
export interface Rollout {
    /** Instances that are replaced at once. */
    readonly parallel: number;
    /** What happens to the instances that run the new text already when one fails. */
    readonly onFailure: "stop" | "revert";
    /** Seconds for which a unit must have been active to count as done. */
    readonly settle: number;
}

/** What fleet is asked to run for one service. */
export interface ServiceInputs extends Record<string, unknown> {
    /**
     * Text of each unit file by name: of a template, whose instances are copies of it; of a unit that is no
     * template; of an instance whose text is its own. Marked as ours by `[X-Pulumi]`.
     */
    readonly files: Readonly<Record<string, string>>;
    /**
     * Names of the units that fleet is to run, in the order in which they start. Units of one instance
     * (`web@1.service`, `web-announce@1.service`) belong together, and so do those that are no instance.
     */
    readonly units: readonly string[];
    /** Those of the units that another one of them starts (a timer, path or socket): they are loaded only. */
    readonly triggered: readonly string[];
    /** What fleet is to do with the units. */
    readonly state: DesiredState;
    /** No change by itself. */
    readonly rollout: Rollout;
    /** Absent where systemd's word is enough. No change by itself. */
    readonly check?: ServiceCheck;
    /** Whether units of these names that another made are taken over. No change by itself. */
    readonly adopt: boolean;
    /** `Owner=` of the section `[X-Pulumi]` in the text. */
    readonly owner: string;
    /** How the cluster is reached. No change by itself. */
    readonly connection: Connection;
}

/** What is remembered of a service. */
export interface ServiceState extends ServiceInputs {
    /** The units that are not as they were declared: a cut-off roll did not reach them, or a refresh saw it. */
    readonly outdated: readonly string[];
}

/** Section that marks a unit as made by this library; systemd ignores it (systemd.unit(5): `X-`). */
export const OWNER_SECTION = "X-Pulumi";
/** Directive of {@link OWNER_SECTION}. */
export const OWNER_DIRECTIVE = "Owner";
