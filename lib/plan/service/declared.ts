import type { FleetUnit } from "../../fleet/index.js";
import type { Scalar } from "../../systemd/index.js";

/** What sets one instance apart from the others. */
export interface InstanceShape {
    /** Directives of the main unit that replace those of the same name. */
    readonly unit?: FleetUnit;
    /** Variables that replace those of the same name. */
    readonly environment?: Readonly<Record<string, Scalar>>;
    /** Directives of further units, by the names under which they were declared. */
    readonly units?: Readonly<Record<string, FleetUnit>>;
}

/** How many instances, numbered from 1; the instances' names; or the names with what sets each apart. */
export type Instances =
    | number
    | readonly (string | number)[]
    | Readonly<Record<string, InstanceShape>>;

/** What must answer before an instance counts as done. `%i`, `%p`, `%n` and `%N` are replaced. */
export interface CheckShape {
    /** A GET on the instance's machine (127.0.0.1) that must be answered with a status below 400. */
    readonly http?: { readonly port: number | string; readonly path?: string };
    /** A TCP port on the instance's machine (127.0.0.1) that must accept a connection. */
    readonly tcp?: { readonly port: number | string };
    /** A command that `/bin/sh` runs as root on the instance's machine, and that must succeed. */
    readonly command?: string;
    /** Seconds that one attempt may take; default 5. */
    readonly timeout?: number;
    /**
     * Seconds between two checks of an instance that runs, by a unit of its own beside it; default none. After
     * `failures` of them in a row it is killed, and its own restart rule brings it back.
     */
    readonly every?: number;
    /** Failures in a row after which an instance counts as hanging; default 3. */
    readonly failures?: number;
}

/** How a changed text reaches the instances. */
export interface RolloutShape {
    /** Instances that are replaced at once; default 1. */
    readonly parallel?: number;
    /** What becomes of the instances that run the new text already when one fails; default `stop`: they keep it. */
    readonly onFailure?: "stop" | "revert";
    /** Seconds for which a unit must have been active to count as done; default 1. */
    readonly settle?: number;
}

/** The texts of a service: what may hold Pulumi inputs where a user writes it. */
export interface ServiceTexts {
    readonly unit: FleetUnit | string;
    readonly units?: Readonly<Record<string, FleetUnit | string>>;
    readonly instances?: Instances;
    readonly environment?: Readonly<Record<string, Scalar>>;
    readonly dropIns?: Readonly<Record<string, FleetUnit | string>>;
}

/** A service as it was declared, with every value known. */
export interface DeclaredService extends ServiceTexts {
    readonly name: string;
    /** Names of its secrets. */
    readonly secrets?: readonly string[];
    /** What fleet does with the units; default `launched`. */
    readonly state?: "launched" | "loaded" | "inactive";
    readonly check?: CheckShape;
    readonly rollout?: RolloutShape;
    /** Seconds that a stop takes at least; default 0.3. */
    readonly stopDelay?: number;
}

/** What a service's texts carry that is not the user's. */
export interface Marks {
    /** `Owner=` of `[X-Pulumi]`. */
    readonly owner: string;
    /** `Secrets=` of `[X-Pulumi]`: changes with the secrets, and tells nothing about them. */
    readonly secrets?: string;
}
