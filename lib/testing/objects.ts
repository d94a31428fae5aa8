import { createHash } from "node:crypto";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Account, CloudRecord } from "./account.js";

/** An object of a bucket; its content is a file beside the records. */
export type StoredObject = CloudRecord & {
    readonly bucket: string;
    readonly key: string;
    /** Whether anyone may read it. */
    readonly isPublic: boolean;
};

/** Id of the object at `BUCKET/KEY`, which may be a long path. */
export function objectId(path: string): string {
    return createHash("sha256").update(path).digest("hex").slice(0, 32);
}

/** Where an object's content is. */
export function objectFile(account: Account, id: string): string {
    return join(account.directory, "object-files", id);
}

/** Puts a file into a bucket, in the place of what had its key. */
export async function putObject(
    account: Account,
    file: string,
    { bucket, key, isPublic }: Pick<StoredObject, "bucket" | "key" | "isPublic">,
): Promise<StoredObject> {
    const record = { id: objectId(`${bucket}/${key}`), bucket, key, isPublic };
    const target = objectFile(account, record.id);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(file, target);
    await account.put("objects", record);
    return record;
}

/** Takes an object away. */
export async function removeObject(account: Account, id: string): Promise<void> {
    await rm(objectFile(account, id), { force: true });
    await account.remove("objects", id);
}
