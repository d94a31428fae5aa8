import type { Connection } from "../connection.js";

/** A machine that is to have a service's secrets. */
export interface SecretsMachine {
    /** The machine's name in the cluster. */
    readonly name: string;
    /** Identity of its disk: another one is empty. */
    readonly disk: string;
}

/** The secrets of one service, and where they are to be. */
export interface ServiceSecretsInputs extends Record<string, unknown> {
    /** Name of the service, and of the directory on each machine. */
    readonly service: string;
    /** Content of each file by name. A secret. */
    readonly files: Readonly<Record<string, string>>;
    /** The machines on which the service may run. */
    readonly machines: readonly SecretsMachine[];
    /** Whose they are: `project/stack/cluster/service`. It is kept beside the files. */
    readonly owner: string;
    /** How the cluster is reached. No change by itself. */
    readonly connection: Connection;
}

/** What is remembered of a service's secrets. */
export interface ServiceSecretsState extends ServiceSecretsInputs {
    /** The machines that have these files. */
    readonly holders: readonly SecretsMachine[];
    /** Names of machines that are to have them no more, and did not answer. */
    readonly leftOn: readonly string[];
}
