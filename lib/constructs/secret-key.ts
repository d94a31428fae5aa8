import type * as pulumi from "@pulumi/pulumi";
import { PROVIDERS } from "../providers/tokens.js";
import { DynamicResource } from "./dynamic-resource.js";

/** 256 random bits, made once and kept in the state as a secret. */
export class SecretKey extends DynamicResource {
    /** In hexadecimal. A secret. */
    declare readonly key: pulumi.Output<string>;

    constructor(name: string, opts: pulumi.CustomResourceOptions = {}) {
        const limits = { create: 60, update: 60, delete: 60 };
        const secret = [...(opts.additionalSecretOutputs ?? []), "key"];
        super(PROVIDERS.secretKey, name, {}, ["key"], limits, {
            ...opts,
            additionalSecretOutputs: secret,
        });
    }
}
