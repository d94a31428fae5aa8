import type * as pulumi from "@pulumi/pulumi";
import type { DeepInput } from "./constructs/inputs.js";
import type { FleetUnit } from "./fleet/index.js";
import type { CheckShape, RolloutShape } from "./plan/service/index.js";
import type { ServiceCluster } from "./service-cluster.js";

/** A unit: sections and directives as systemd and fleet spell them, or the text of a unit file. */
export type UnitInput = DeepInput<FleetUnit> | pulumi.Input<string>;

/** Variables by name; each value arrives in the program as it is. */
export type EnvironmentArgs = Readonly<Record<string, pulumi.Input<string | number | boolean>>>;

/** What sets one instance apart from the others. */
export interface InstanceArgs {
    /** Directives of the main unit that replace those of the same name; an empty text or list removes one. */
    readonly unit?: DeepInput<FleetUnit>;
    /** Variables that replace those of the same name. */
    readonly environment?: EnvironmentArgs;
    /** The same as `unit` for further units, by the names under which they were declared. */
    readonly units?: Readonly<Record<string, DeepInput<FleetUnit>>>;
}

/** What a {@link Service} is made from. */
export interface ServiceArgs {
    /** The cluster that runs it: a `Cluster`, or a `ClusterReference` to another stack's. It must have fleet. */
    readonly cluster: ServiceCluster;
    /**
     * The main unit: `NAME.service`, or the template `NAME@.service` of its instances. A service without `Restart=`
     * that is no oneshot is started again whenever it ends, after 2 seconds; `Restart=no` switches that off.
     */
    readonly unit: UnitInput;
    /**
     * Further units of each instance, by name: `hello-announce` is `hello-announce@.service`, `backup.timer` is
     * `backup.timer`. They run beside the main unit (`MachineOf`), unless their `[X-Fleet]` says where else. What
     * stops with the main unit (`BindsTo`) is started again with it.
     */
    readonly units?: Readonly<Record<string, UnitInput>>;
    /**
     * How many instances of a template, numbered from 1; the instances' own names; or their names with
     * what sets each apart. Default: one unit that is no template.
     */
    readonly instances?:
        | number
        | readonly (string | number)[]
        | Readonly<Record<string, InstanceArgs>>;
    /** Variables of the main unit. */
    readonly environment?: EnvironmentArgs;
    /**
     * Drop-ins of the main unit, by file name (`10-memory.conf`). They are put behind its lines in the order of their
     * names, as systemd does: an empty assignment takes back what stood before.
     */
    readonly dropIns?: Readonly<Record<string, UnitInput>>;
    /**
     * Secrets by name. They are delivered over SSH to the machines that may run the main unit, which gets them as
     * credentials: its program reads `$CREDENTIALS_DIRECTORY/NAME`. A changed one rolls the service. Nothing of
     * them stands in a unit.
     */
    readonly secrets?: Readonly<Record<string, pulumi.Input<string>>>;
    /** What fleet does with the units; default `launched`. */
    readonly state?: "launched" | "loaded" | "inactive";
    /** What must answer before an instance counts as done; default: systemd's word is enough. */
    readonly check?: CheckShape;
    /** How a changed text reaches the instances; default one after the other. */
    readonly rollout?: RolloutShape;
    /** Whether units of these names that another made are taken over; default false. */
    readonly adopt?: boolean;
    /**
     * Seconds that a stop takes at least, by `ExecStopPost=/bin/sleep`; default 0.3. Units that stop at once hold
     * fleet's agent up for five seconds each. Left out where the unit has its own `ExecStopPost`.
     */
    readonly stopDelay?: number;
}

/** What a {@link Service} of a unit file is made from: all but the file itself. */
export interface ServiceFileArgs extends Omit<ServiceArgs, "unit"> {
    /** Directives that replace the file's of the same name; an empty text or list removes one. */
    readonly unit?: DeepInput<FleetUnit>;
}

/** What the services of a folder of unit files are made from. */
export interface ServiceFolderArgs {
    /** The cluster that runs them: a `Cluster`, or a `ClusterReference` to another stack's. */
    readonly cluster: ServiceCluster;
    /**
     * What the files don't say, by the names of the services; a template needs `instances`. Sections in `units`
     * replace directives of the further units that the folder has.
     */
    readonly services?: Readonly<Record<string, Omit<ServiceFileArgs, "cluster">>>;
}
