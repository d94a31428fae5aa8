import { given, type Problem } from "../problem.js";

/** What neither a metadata key nor a value may contain, for fleet to read it back as it was. */
const unreadable = /[=,"'\n\r\0]/;

/**
 * Problems of a machine's metadata. fleet reads it as `key=value,key=value`, trims both and drops what
 * it can't read, without a word. Source: fleet 1.0.0, fleetd/fleetd.go.
 *
 * @param path where the metadata stands: `workers.web.metadata`.
 */
export function validateMetadata(
    metadata: Readonly<Record<string, string>>,
    path: string,
): Problem[] {
    return Object.entries(metadata).flatMap(([key, value]) => [
        ...problemsOf("key", key, path),
        ...problemsOf("value", value, `${path}.${key}`),
    ]);
}

/**
 * Metadata as fleet's option `metadata` takes it (`FLEET_METADATA`): `role=web,zone=a`, in the order given.
 *
 * @throws Error for metadata that fleet would not read back: see {@link validateMetadata}.
 */
export function renderMetadata(metadata: Readonly<Record<string, string>>): string {
    const [problem] = validateMetadata(metadata, "metadata");
    if (problem !== undefined) {
        throw new Error(`fleet can't take ${problem.given} as metadata; ${problem.allowed}.`);
    }
    return Object.entries(metadata)
        .map(([key, value]) => `${key}=${value}`)
        .join(",");
}

/** Why a text can't be a key or value of metadata; undefined if it can. */
export function unreadableMetadata(text: string): string | undefined {
    if (text === "") {
        return "must not be empty";
    }
    if (text !== text.trim()) {
        return "must not begin or end with a blank";
    }
    const wrong = unreadable.exec(text)?.[0];
    return wrong === undefined ? undefined : `must not contain ${JSON.stringify(wrong)}`;
}

function problemsOf(what: "key" | "value", text: unknown, path: string): Problem[] {
    const wrong = typeof text === "string" ? unreadableMetadata(text) : "must be a text";
    return wrong === undefined
        ? []
        : [{ path, given: given(text), allowed: `a metadata ${what} ${wrong}` }];
}
