import { runtime } from "@pulumi/pulumi";

/** Properties of a resource, or arguments of a look-up, as plain data. */
export type Properties = Record<string, unknown>;

/** A file that is to be uploaded. */
export interface Upload {
    /** Where it is, where it is needed. */
    readonly path?: string;
    /** The engine's own SHA-256 of it. */
    readonly hash: string;
}

/**
 * The values that the engine sent as plain data: secrets and outputs unwrapped, files that are to be uploaded as
 * {@link Upload}, `undefined` for what is not known yet.
 */
export function plainValues(sent: unknown): Properties {
    const value = plain(sent);
    return typeof value === "object" && value !== null ? (value as Properties) : {};
}

function plain(value: unknown): unknown {
    if (value === runtime.unknownValue) {
        return undefined;
    }
    if (Array.isArray(value)) {
        return value.map(plain);
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    if (Reflect.get(value, runtime.specialSigKey) === runtime.specialAssetSig) {
        return { path: Reflect.get(value, "path"), hash: Reflect.get(value, "hash") };
    }
    if (runtime.specialSigKey in value) {
        return plain(Reflect.get(value, "value"));
    }
    const entries = Object.entries(value).filter(([key]) => key !== "__defaults");
    return Object.fromEntries(entries.map(([key, item]) => [key, plain(item)]));
}
