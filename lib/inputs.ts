import * as pulumi from "@pulumi/pulumi";

/** A value in which every part may be a Pulumi input. */
export type DeepInput<T> = pulumi.Input<
    T extends string | number | boolean | undefined
        ? T
        : T extends readonly (infer Element)[]
          ? readonly DeepInput<Element>[]
          : { readonly [Key in keyof T]: DeepInput<T[Key]> }
>;

/** Whether a value holds no output and no promise, so that it can be looked at right away. */
export function isPlain(value: unknown): boolean {
    if (value === null || typeof value !== "object") {
        return true;
    }
    if (pulumi.Output.isInstance(value) || value instanceof Promise) {
        return false;
    }
    return Object.values(value).every(isPlain);
}

/**
 * The value with every part resolved.
 *
 * The SDK's own type of an unwrapped value does not see through a recursive input type; that every
 * part is resolved is what `pulumi.output` does.
 */
export function resolved<T>(value: DeepInput<T>): pulumi.Output<T> {
    return pulumi.output(value) as unknown as pulumi.Output<T>;
}

/** The value itself where it {@link isPlain}. */
export function plainValue<T>(value: DeepInput<T>): T | undefined {
    return isPlain(value) ? (value as unknown as T) : undefined;
}
