import { existsSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../platforms/local/command.js";
import type { Account } from "./account.js";

const GIB = 1024 ** 3;

/** The file that a volume is, with an ext4 file system and a label; made when it is first needed. */
export async function volumeFile(
    account: Account,
    { id, size }: { readonly id: string; readonly size: number },
    label: string,
): Promise<string> {
    const file = fileOf(account, id);
    if (!existsSync(file)) {
        const handle = await open(file, "w", 0o600);
        // Without a byte in it, it takes no room.
        await handle.truncate(size * GIB);
        await handle.close();
        await run("mkfs.ext4", ["-q", "-L", label, file]);
    }
    return file;
}

/** Removes the file of a volume, if it has one. */
export async function removeVolumeFile(account: Account, id: string): Promise<void> {
    await rm(fileOf(account, id), { force: true });
}

function fileOf(account: Account, id: string): string {
    return join(account.directory, "volumes", `${id}.disk`);
}
