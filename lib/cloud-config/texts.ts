import { type CloudConfig, cloudConfigFields } from "./document.js";
import { type Field, type StringField, section } from "./schema.js";

/** One text of a document. */
export interface TextAt {
    /** Where it stands: `coreos.units[2].content`. */
    readonly path: string;
    readonly text: string;
    /** What the schema says of it. */
    readonly field: StringField | undefined;
}

/** Every text of the document with its path, in the document's order. */
export function textsOf(document: CloudConfig): TextAt[] {
    return collect(document, section(cloudConfigFields), "");
}

function collect(value: unknown, field: Field | undefined, path: string): TextAt[] {
    if (typeof value === "string") {
        return [{ path, text: value, field: field?.kind === "string" ? field : undefined }];
    }
    if (Array.isArray(value)) {
        const of = field?.kind === "list" ? field.of : undefined;
        return value.flatMap((item, index) => collect(item, of, `${path}[${index}]`));
    }
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) {
        return [];
    }
    const fields = field?.kind === "section" ? field.fields : {};
    return Object.entries(value).flatMap(([key, item]) =>
        collect(item, fields[key], path === "" ? key : `${path}.${key}`),
    );
}
