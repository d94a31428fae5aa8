import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "./constructs/dynamic-resource.js";
import { PROVIDERS } from "./providers/tokens.js";

/** What an SSH key is made from. */
export interface SshKeyArgs {
    /** Comment at the end of the public key. */
    readonly comment: string;
}

/** An ed25519 key pair, made once and kept in the state; the private half is a secret. */
export class SshKey extends DynamicResource {
    /** One line for `authorized_keys` (sshd(8)). */
    declare readonly publicKey: pulumi.Output<string>;
    /** In OpenSSH's format. A secret. */
    declare readonly privateKey: pulumi.Output<string>;

    constructor(name: string, args: SshKeyArgs, opts: pulumi.CustomResourceOptions = {}) {
        super(
            PROVIDERS.sshKey,
            name,
            { comment: args.comment },
            ["publicKey", "privateKey"],
            { create: 60, update: 60, delete: 60 },
            {
                ...opts,
                additionalSecretOutputs: [...(opts.additionalSecretOutputs ?? []), "privateKey"],
            },
        );
    }
}
