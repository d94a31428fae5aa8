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
    if (isInput(value)) {
        return false;
    }
    return Object.values(value).every(isPlain);
}

/** Whether a value is an output or a promise itself. */
export function isInput(value: unknown): boolean {
    return pulumi.Output.isInstance(value) || value instanceof Promise;
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

/** The output, or a text in its place where it is not known yet: in a preview. */
export function knownOr(value: pulumi.Output<string>, placeholder: string): pulumi.Output<string> {
    const shown = isKnown(value).then((known) => (known ? value : pulumi.output(placeholder)));
    return pulumi.output(shown);
}

/** Whether an output has a value in this run. The SDK has it under this name, though not in its types. */
export async function isKnown(value: pulumi.Output<unknown>): Promise<boolean> {
    return (await Reflect.get(value, "isKnown")) !== false;
}

/** What of a value is known right away, and the paths of the rest. */
export interface KnownParts<T> {
    /** The value without what is not known; an item of a list that is not known is an empty one. */
    readonly value: T;
    /** Paths such as `files[0].content`. */
    readonly unknown: readonly string[];
}

/**
 * Takes a value apart into what is known right away and the rest.
 *
 * @param indivisible paths of what counts as unknown where any part of it is
 */
export function knownParts<T>(value: DeepInput<T>, indivisible: RegExp): KnownParts<T> {
    const unknown: string[] = [];
    const known = (part: unknown, path: string): unknown => {
        if (isPlain(part)) {
            return part;
        }
        if (isInput(part) || indivisible.test(path)) {
            unknown.push(path);
            return undefined;
        }
        if (Array.isArray(part)) {
            return part.map((item, index) => known(item, `${path}[${index}]`) ?? {});
        }
        return Object.fromEntries(
            Object.entries(Object(part)).map(([key, item]) => [
                key,
                known(item, path === "" ? key : `${path}.${key}`),
            ]),
        );
    };
    return { value: (known(value, "") ?? {}) as T, unknown };
}

/** Paths at which a value holds a Pulumi secret, known or not. */
export async function secretPaths(value: unknown, path = ""): Promise<string[]> {
    if (pulumi.Output.isInstance(value)) {
        return (await pulumi.isSecret(value)) ? [path] : [];
    }
    const settled: unknown = await value;
    if (isPlain(settled)) {
        return [];
    }
    const paths = Object.entries(Object(settled)).map(([key, item]) => {
        const below = Array.isArray(settled)
            ? `${path}[${key}]`
            : path === ""
              ? key
              : `${path}.${key}`;
        return secretPaths(item, below);
    });
    return (await Promise.all(paths)).flat();
}
