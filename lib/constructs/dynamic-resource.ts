import * as pulumi from "@pulumi/pulumi";
import {
    OPERATION_INPUT,
    type Operation,
    type ProviderName,
    providerSource,
    resourceType,
} from "../providers/tokens.js";

/** Default limits of a resource's operations, in seconds. */
export interface OperationLimits {
    readonly create: number;
    readonly update: number;
    readonly delete: number;
}

/**
 * A resource whose provider is part of this package. It is a plain `CustomResource` with a literal
 * provider text: nothing is serialized, so it works in a published library and with every TypeScript.
 *
 * `customTimeouts` is honoured: Pulumi does not tell a dynamic provider, so it travels as an input.
 */
export abstract class DynamicResource extends pulumi.CustomResource {
    protected constructor(
        provider: ProviderName,
        name: string,
        inputs: Record<string, unknown>,
        outputs: readonly string[],
        limits: OperationLimits,
        opts: pulumi.CustomResourceOptions = {},
    ) {
        const timeouts = opts.customTimeouts ?? {};
        const operation: pulumi.Inputs & Record<keyof Operation, unknown> = {
            urn: withoutDependencies(pulumi.createUrn(name, resourceType(provider), opts.parent)),
            create: seconds(timeouts.create) ?? limits.create,
            update: seconds(timeouts.update) ?? limits.update,
            delete: seconds(timeouts.delete) ?? limits.delete,
        };
        const unset = Object.fromEntries(outputs.map((output) => [output, undefined]));
        super(
            resourceType(provider),
            name,
            {
                ...unset,
                ...inputs,
                [OPERATION_INPUT]: operation,
                __provider: providerSource(provider),
            },
            opts,
        );
    }
}

/**
 * The same value as a promise. A child that depends on its parent's URN would wait for all of the
 * parent's children, and so for itself.
 */
function withoutDependencies(urn: pulumi.Output<string>): Promise<string> {
    return new Promise((resolve) => urn.apply(resolve));
}

const UNITS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Seconds of a Go duration such as `1m30s`, as `customTimeouts` has them. */
export function seconds(duration: string | undefined): number | undefined {
    const parts = [...(duration ?? "").matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
    return parts.length === 0
        ? undefined
        : parts.reduce(
              (sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? ""] ?? 0),
              0,
          );
}
