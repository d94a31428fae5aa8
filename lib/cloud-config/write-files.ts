import { gunzipSync } from "node:zlib";
import type { BytesField, FieldsFor, StringField } from "./schema.js";
import { text } from "./schema.js";

/** How `content` may be encoded. Bare gzip needs bytes, the others a text. */
export const fileEncodings = [
    "base64",
    "b64",
    "gz",
    "gzip",
    "gz+base64",
    "gzip+base64",
    "gz+b64",
    "gzip+b64",
] as const;

/** How `content` may be encoded. */
export type FileEncoding = (typeof fileEncodings)[number];

/**
 * One item of `write_files`. Missing directories are made; the file replaces one that is there.
 * Source: coreos-cloudinit 1.14.0 `config/file.go`, `config/decode.go`, `system/file.go`.
 */
export interface WriteFile {
    /** Absolute path, not under `/usr`. */
    readonly path: string;
    /** Octal mode, as a text: `"0644"` (default), `"0755"`. */
    readonly permissions?: string;
    /** `user` or `user:group`. Default `root`. */
    readonly owner?: string;
    /** How `content` is encoded. */
    readonly encoding?: FileEncoding;
    /** Text of the file, or bytes, which are rendered as `!!binary`. Default: an empty file. */
    readonly content?: string | Uint8Array;
}

const path = {
    kind: "string",
    required: true,
    pattern: /^\//,
    allowed: "an absolute path",
} as const satisfies StringField;

const permissions = {
    kind: "string",
    pattern: /^0?[0-7]{3,4}$/,
    allowed: 'an octal mode as a text: "0644", "0755"',
} as const satisfies StringField;

const encoding = { kind: "string", oneOf: fileEncodings } as const satisfies StringField;
const content = { kind: "bytes" } as const satisfies BytesField;

/** Schema of {@link WriteFile}. */
export const writeFileFields = {
    path,
    permissions,
    owner: text,
    encoding,
    content,
} as const satisfies FieldsFor<WriteFile>;

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * The bytes that the agent writes.
 *
 * @throws If the content is not what `encoding` says.
 */
export function decodeFile(file: WriteFile): Buffer {
    let bytes: Buffer = Buffer.from(file.content ?? "");
    for (const step of file.encoding?.split("+").reverse() ?? []) {
        bytes = step.startsWith("b") ? unbase64(bytes) : gunzipSync(bytes);
    }
    return bytes;
}

function unbase64(coded: Buffer): Buffer {
    const compact = coded.toString("latin1").replaceAll(/[\r\n]/g, "");
    if (!base64.test(compact)) {
        throw new Error("not base64");
    }
    return Buffer.from(compact, "base64");
}
