import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Account, CloudRecord } from "./account.js";

/** An object of a bucket; its id is `BUCKET/KEY`, and its content is a file beside the records. */
export type StoredObject = CloudRecord & {
    readonly bucket: string;
    readonly key: string;
    /** Whether anyone may read it, whatever the bucket's policy says. */
    readonly isPublic: boolean;
};

/** Where an object's content is. */
export function objectFile(account: Account, id: string): string {
    return join(account.directory, "object-files", encodeURIComponent(id));
}

/** Keeps a file as an object's content. */
export async function keepContent(account: Account, id: string, file: string): Promise<void> {
    const target = objectFile(account, id);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(file, target);
}

/** Takes an object's content away. */
export async function dropContent(account: Account, id: string): Promise<void> {
    await rm(objectFile(account, id), { force: true });
}

/**
 * Takes away what a bucket holds.
 *
 * @throws what `refusal` gives, where it holds anything and nobody said that it goes along
 */
export async function emptyBucket(
    account: Account,
    id: string,
    force: boolean | undefined,
    refusal: () => Error,
): Promise<void> {
    const all = await account.list<StoredObject>("objects");
    const held = all.filter(({ bucket }) => bucket === id);
    if (held.length > 0 && force !== true) {
        throw refusal();
    }
    for (const object of held) {
        await dropContent(account, object.id);
        await account.remove("objects", object.id);
    }
}

/** Puts a file into a bucket, in the place of what had its key. */
export async function putObject(
    account: Account,
    file: string,
    { bucket, key, isPublic }: Pick<StoredObject, "bucket" | "key" | "isPublic">,
): Promise<void> {
    const id = `${bucket}/${key}`;
    await keepContent(account, id, file);
    await account.put("objects", { id, bucket, key, isPublic });
}

/** MD5 of a file, which is an object's `ETag`. */
export function etagOf(file: string): string {
    return createHash("md5").update(readFileSync(file)).digest("hex");
}
