import * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "./constructs/dynamic-resource.js";
import { rejectArguments } from "./constructs/reject.js";
import { serviceOfFile, servicesOfFolder } from "./constructs/service-files.js";
import { DeclaredTexts } from "./constructs/service-texts.js";
import { checkSettings, rolloutSettings } from "./plan/service/index.js";
import { PROVIDERS } from "./providers/tokens.js";
import type { ServiceArgs, ServiceFileArgs, ServiceFolderArgs } from "./service-args.js";
import { goneWith } from "./service-cluster.js";
import { ServiceSecrets } from "./service-secrets.js";

/** What a stack shows of a service. */
export interface ServiceSummary {
    /** The service's name: `hello` for the units `hello@1.service`, `hello@2.service`. */
    readonly name: string;
    /** Number of instances; 1 for a service that has none. */
    readonly instances: number;
}

/**
 * Units that fleet runs, in one or several instances. It exists once each of them runs the text that
 * was declared; a changed text replaces instance by instance.
 *
 * @throws pulumi.RunError with every problem of the arguments, before anything is made
 */
export class Service extends DynamicResource {
    /** Text of each unit file by name: of a template, of which its instances are copies, or of a unit. */
    declare readonly files: pulumi.Output<Record<string, string>>;
    /** Names of the units that run. */
    declare readonly units: pulumi.Output<string[]>;
    /** Name and instances, for the outputs of a stack. */
    readonly summary: pulumi.Output<ServiceSummary>;

    /** @param opts `customTimeouts` limit each operation; default 10 minutes. */
    constructor(name: string, args: ServiceArgs, opts: pulumi.CustomResourceOptions = {}) {
        const { cluster } = args;
        const texts = new DeclaredTexts(name, args);
        rejectArguments(`Service "${name}"`, texts.problems());
        const owner = `${pulumi.getProject()}/${pulumi.getStack()}/${cluster.shape.name}/${name}`;
        const plan = texts.plan();
        const { units, parts, triggered } = plan;
        const secrets = secretsOf(name, args, texts, opts);
        super(
            PROVIDERS.service,
            name,
            {
                files: texts.files(plan, owner, secrets?.version),
                units: units.map((unit) => unit.name),
                triggered: units.flatMap((unit) => (triggered.has(unit.part) ? [unit.name] : [])),
                state: args.state ?? "launched",
                rollout: rolloutSettings(args.rollout),
                ...(args.check === undefined ? {} : { check: checkSettings(args.check) }),
                adopt: args.adopt ?? false,
                owner,
                connection: cluster.connection,
            },
            ["outdated"],
            { create: 600, update: 600, delete: 600 },
            pulumi.mergeOptions(
                { ...goneWith(cluster), ...opts },
                secrets === undefined ? {} : { dependsOn: secrets },
            ),
        );
        this.summary = pulumi
            .all([this.id, this.units])
            .apply(([, running]) => ({ name, instances: running.length / parts.length }));
    }

    /**
     * The service of a unit file, named after it: `web@.service` is the template of service `web`, which needs
     * `instances`. The drop-ins in `web@.service.d/` beside it are taken in.
     *
     * @param path relative to the program's working directory
     * @throws pulumi.RunError with every problem of the file and the arguments
     */
    static fromFile(
        path: string,
        args: ServiceFileArgs,
        opts?: pulumi.CustomResourceOptions,
    ): Service {
        const { name, args: whole } = serviceOfFile(path, args);
        return new Service(name, whole, opts);
    }

    /**
     * The services of a folder of unit files, by name. A unit that another's `MachineOf` or `BindsTo` ties to it, and a
     * timer, path or socket that starts it, are further units of that one.
     *
     * @param folder relative to the program's working directory
     * @throws pulumi.RunError with every problem of the folder, or of the first service that has one
     */
    static fromFolder(
        folder: string,
        args: ServiceFolderArgs,
        opts?: pulumi.CustomResourceOptions,
    ): Record<string, Service> {
        return Object.fromEntries(
            servicesOfFolder(folder, args).map(({ name, args: whole }) => [
                name,
                new Service(name, whole, opts),
            ]),
        );
    }
}

/** The delivery of the service's secrets, which come before its units. */
function secretsOf(
    name: string,
    { cluster, secrets }: ServiceArgs,
    texts: DeclaredTexts,
    { parent }: pulumi.CustomResourceOptions,
): ServiceSecrets | undefined {
    return secrets === undefined || Object.keys(secrets).length === 0
        ? undefined
        : new ServiceSecrets(
              `${name}-secrets`,
              { service: name, cluster, machines: texts.machinesOfMain(), files: secrets },
              parent === undefined ? {} : { parent },
          );
}
