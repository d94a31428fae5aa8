import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "./cluster.js";
import { DynamicResource } from "./constructs/dynamic-resource.js";
import { type DeepInput, plainValue, resolved } from "./constructs/inputs.js";
import { rejectArguments } from "./constructs/reject.js";
import type { FleetUnit } from "./fleet/index.js";
import { type Instances, planUnits, renderServiceUnit, validateService } from "./plan/service.js";
import { hasFleet, type PlannedMachine } from "./plan/shape.js";
import { given, type Problem } from "./problem.js";
import { PROVIDERS } from "./providers/tokens.js";

const STOP_DELAY = 0.3;

/** What a {@link Service} is made from. */
export interface ServiceArgs {
    /** The cluster that runs it. It must have fleet. */
    readonly cluster: Cluster;
    /** The unit: sections and directives as systemd and fleet spell them, or the text of a unit file. */
    readonly unit: DeepInput<FleetUnit> | pulumi.Input<string>;
    /**
     * How many instances of a template, numbered from 1, or the instances' own names. Default: one
     * unit that is no template.
     */
    readonly instances?: Instances;
    /**
     * Seconds that a stop takes at least, by `ExecStopPost=/bin/sleep`; default 0.3. Units that stop at once hold
     * fleet's agent up for five seconds each. Left out where the unit has its own `ExecStopPost`.
     */
    readonly stopDelay?: number;
}

/** What a stack shows of a service. */
export interface ServiceSummary {
    /** The service's name: `hello` for the units `hello@1.service`, `hello@2.service`. */
    readonly name: string;
    /** Number of units that run. */
    readonly instances: number;
}

/**
 * A unit that fleet runs, in one or several instances. It exists once each of them runs the text that
 * was declared; a changed text replaces instance by instance.
 *
 * @throws pulumi.RunError with every problem of the arguments, before anything is made
 */
export class Service extends DynamicResource {
    /** Text of each unit file by name: of the template, of which every instance is a copy, or of the unit. */
    declare readonly files: pulumi.Output<Record<string, string>>;
    /** Names of the units that run. */
    declare readonly units: pulumi.Output<string[]>;
    /** Name and instances, for the outputs of a stack. */
    readonly summary: pulumi.Output<ServiceSummary>;

    /** @param opts `customTimeouts` limit each operation; default 10 minutes. */
    constructor(name: string, args: ServiceArgs, opts: pulumi.CustomResourceOptions = {}) {
        const { cluster, instances } = args;
        const subject = `Service "${name}"`;
        const { template, units } = planUnits(name, instances);
        const file = template ?? units[0] ?? name;
        const machines = placesOf(cluster);
        const check = (unit: FleetUnit | string): Problem[] =>
            validateService({ name, instances, unit, machines });
        const plain = plainValue<FleetUnit | string>(args.unit);
        rejectArguments(subject, [
            ...clusterProblems(cluster),
            ...(plain === undefined ? [] : check(plain)),
        ]);
        const owner = `${pulumi.getProject()}/${pulumi.getStack()}/${cluster.shape.name}/${name}`;
        const text = resolved<FleetUnit | string>(args.unit).apply((unit) => {
            if (plain === undefined) {
                rejectArguments(subject, check(unit));
            }
            return renderServiceUnit(unit, owner, args.stopDelay ?? STOP_DELAY);
        });
        super(
            PROVIDERS.service,
            name,
            {
                files: { [file]: text },
                units,
                triggered: [],
                state: "launched",
                rollout: { parallel: 1, onFailure: "stop", settle: 1 },
                adopt: false,
                owner,
                connection: cluster.connection,
            },
            ["outdated"],
            { create: 600, update: 600, delete: 600 },
            { deletedWith: cluster.readiness, ...opts },
        );
        this.summary = pulumi
            .all([this.id, this.units])
            .apply(([, running]) => ({ name, instances: running.length }));
    }
}

/** The machines that run fleet; where none does, that alone is the problem. */
function placesOf({ plan, shape }: Cluster): readonly PlannedMachine[] {
    return hasFleet(shape) ? plan.filter(({ fleet }) => fleet) : plan;
}

function clusterProblems({ shape }: Cluster): Problem[] {
    const allowed = "has no fleet to run it; leave `etcd` and `fleet` on there";
    return hasFleet(shape) ? [] : [{ path: "cluster", given: given(shape.name), allowed }];
}
