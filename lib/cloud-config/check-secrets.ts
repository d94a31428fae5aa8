import type { Problem } from "../problem.js";
import type { CloudConfig } from "./document.js";
import type { TextAt } from "./texts.js";
import { decodeFile } from "./write-files.js";

const privateKey = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/;
const passwordHash = /\$(?:1|2[abxy]?|5|6|7|sha1|y|gy)\$[./A-Za-z0-9$=,]{20,}/;

/** Values of `passwd` that let nobody in by password. */
const noPassword = /^[*!x]*$/;

const where =
    "user-data can be read by every process on the machine and in the cloud's console; write it to the machine over SSH once it is made";

/** Passwords, password hashes and private keys, which have no place in user-data. */
export function checkSecrets(document: CloudConfig, texts: readonly TextAt[]): Problem[] {
    return [
        ...texts.flatMap(({ path, text, field }) => {
            const secret = field?.secret && !noPassword.test(text) ? "a password" : secretIn(text);
            return secret === undefined ? [] : [refused(path, secret)];
        }),
        ...encodedFiles(document).flatMap(({ path, text }) => {
            const secret = secretIn(text);
            return secret === undefined ? [] : [refused(path, secret)];
        }),
    ];
}

/** What secret a text holds, if any. */
export function secretIn(text: string): string | undefined {
    if (privateKey.test(text)) {
        return "a private key";
    }
    return passwordHash.test(text) ? "a password hash" : undefined;
}

/** A problem that names the secret and not its value. */
export function refused(path: string, secret: string): Problem {
    return { path, given: secret, allowed: where };
}

function encodedFiles(document: CloudConfig): { path: string; text: string }[] {
    return (document.write_files ?? []).flatMap((file, index) => {
        if (file.encoding === undefined && !(file.content instanceof Uint8Array)) {
            return [];
        }
        try {
            const text = decodeFile(file).toString("latin1");
            return [{ path: `write_files[${index}].content`, text }];
        } catch {
            return [];
        }
    });
}
