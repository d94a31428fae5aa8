import type * as pulumi from "@pulumi/pulumi";
import type { Connection } from "./connection.js";
import { DynamicResource } from "./constructs/dynamic-resource.js";
import type { DeepInput } from "./constructs/inputs.js";
import type { MemberText, ReadinessMachine, ReadyMachine } from "./providers/readiness-inputs.js";
import { PROVIDERS } from "./providers/tokens.js";

/** What {@link Readiness} waits for. */
export interface ReadinessArgs {
    /** The cluster's name, for messages. */
    readonly cluster: string;
    /** The machines that must be ready. */
    readonly machines: DeepInput<readonly ReadinessMachine[]>;
    /** Whether etcd must be healthy on each of them. */
    readonly etcd: boolean;
    /** Whether fleet must list them all. */
    readonly fleet: boolean;
    /** Text of the list of etcd members that is put onto each machine first; default none. */
    readonly memberList?: pulumi.Input<string>;
    /** Whether they fetch etcd and fleet first, so that a failure of that is what is reported; default false. */
    readonly binaries?: boolean;
    /** Whether their addresses are those of a network that this host may be outside of; default false. */
    readonly privateOnly?: boolean;
    /** What the members are made from today; absent where nothing is said of older ones. */
    readonly memberText?: DeepInput<MemberText>;
    /** How they are reached. */
    readonly connection: DeepInput<Omit<Connection, "hosts">>;
}

/**
 * The gate between machines and what runs on them: it exists once every machine answers over SSH, etcd
 * is healthy on each and fleet sees them all.
 */
export class Readiness extends DynamicResource {
    /** What was seen of each machine. */
    declare readonly ready: pulumi.Output<readonly ReadyMachine[]>;

    /** @param limit seconds for the cluster to become ready */
    constructor(
        name: string,
        args: ReadinessArgs,
        limit: number,
        opts: pulumi.CustomResourceOptions = {},
    ) {
        super(
            PROVIDERS.readiness,
            name,
            { ...args },
            ["ready", "markedAt"],
            { create: limit, update: limit, delete: 60 },
            opts,
        );
    }
}
