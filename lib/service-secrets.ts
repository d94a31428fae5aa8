import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "./constructs/dynamic-resource.js";
import { rejectArguments } from "./constructs/reject.js";
import { SecretKey } from "./constructs/secret-key.js";
import { validateSecretNames, validateSecretValues } from "./fleet/index.js";
import { PROVIDERS } from "./providers/tokens.js";
import { goneWith, type ServiceCluster, type ServiceMachine } from "./service-cluster.js";

/** What {@link ServiceSecrets} are made from. */
export interface ServiceSecretsArgs {
    /** Name of the service; the files are in `/var/lib/pulumi-coreos/secrets/<service>/`. */
    readonly service: string;
    /** The cluster that runs it. */
    readonly cluster: ServiceCluster;
    /** Names of the machines on which it may run; default all that run fleet. */
    readonly machines?: pulumi.Input<readonly string[]>;
    /** Content of each file by name. Kept as secrets. */
    readonly files: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * Files with a service's secrets, readable by root alone, on every machine on which it may run. They go there over
 * SSH, again to a machine that joins or has a new disk, and never stand in a unit, in user-data or in a log.
 *
 * @throws pulumi.RunError with every problem of the arguments, before anything is made
 */
export class ServiceSecrets extends DynamicResource {
    /**
     * Another one whenever a secret is another. It is no secret: without the key in the state nothing can be
     * learnt from it.
     */
    readonly version: pulumi.Output<string>;

    constructor(name: string, args: ServiceSecretsArgs, opts: pulumi.CustomResourceOptions = {}) {
        const { service, cluster } = args;
        const subject = `Service "${service}"`;
        rejectArguments(subject, validateSecretNames(service, Object.keys(args.files)));
        const files = pulumi.secret(
            pulumi.output({ ...args.files }).apply((contents) => {
                rejectArguments(subject, validateSecretValues(contents));
                return contents;
            }),
        );
        const owner = `${pulumi.getProject()}/${pulumi.getStack()}/${cluster.shape.name}/${service}`;
        super(
            PROVIDERS.serviceSecrets,
            name,
            {
                service,
                files,
                machines: machinesOf(cluster, args.machines),
                owner,
                connection: cluster.connection,
            },
            ["holders", "leftOn"],
            { create: 300, update: 300, delete: 120 },
            {
                ...goneWith(cluster),
                ...opts,
                additionalSecretOutputs: [...(opts.additionalSecretOutputs ?? []), "files"],
            },
        );
        const { key } = new SecretKey(`${name}-key`, { parent: this });
        const mark = pulumi.all([key, files]).apply(([secret, contents]) => {
            const text = JSON.stringify(Object.entries(contents).sort());
            return createHmac("sha256", secret).update(text).digest("hex").slice(0, 32);
        });
        this.version = pulumi.unsecret(mark);
    }
}

type MachineInputs = readonly { readonly name: string; readonly disk: pulumi.Input<string> }[];

/** Machines with their disks; a disk that is not known yet leaves the others known, where the names are plain. */
function machinesOf(
    { plan, disks }: ServiceCluster,
    machines?: pulumi.Input<readonly string[]>,
): pulumi.Input<MachineInputs> {
    const withDisks = (
        names: readonly string[],
        known: Readonly<Record<string, pulumi.Input<string>>>,
    ): MachineInputs =>
        names.flatMap((name) => {
            const disk = known[name];
            return disk === undefined ? [] : [{ name, disk }];
        });
    const names = machines ?? namesOf(plan);
    if (pulumi.Output.isInstance(disks)) {
        return pulumi.all([names, disks]).apply(([all, known]) => withDisks(all, known));
    }
    return Array.isArray(names)
        ? withDisks(names, disks)
        : pulumi.output(names).apply((all) => withDisks(all, disks));
}

/** Names of the machines that run fleet. */
function namesOf(plan: ServiceCluster["plan"]): pulumi.Input<readonly string[]> {
    const names = (machines: readonly ServiceMachine[]) =>
        machines.filter(({ fleet }) => fleet).map(({ name }) => name);
    return pulumi.Output.isInstance(plan) ? plan.apply(names) : names(plan);
}
