import { existsSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ExtraDisk } from "../../platforms/local/block-devices.js";
import { run } from "../../platforms/local/command.js";
import type { Account } from "../account.js";
import type { VolumeRecord } from "./volume-record.js";

const GIB = 1024 ** 3;

/**
 * The disks that a droplet has from its first boot on: a file for each volume with an ext4 file system and a label,
 * made when it is first needed. Others are on record alone.
 */
export async function volumeDisks(account: Account, ids: readonly string[]): Promise<ExtraDisk[]> {
    const disks: ExtraDisk[] = [];
    for (const id of ids) {
        const volume = await account.get<VolumeRecord>("volumes", id);
        const { initialFilesystemType: type, initialFilesystemLabel: label } = volume ?? {};
        if (volume !== undefined && type === "ext4" && label !== undefined) {
            disks.push({ file: await volumeFile(account, volume, label), label });
        }
    }
    return disks;
}

/** Removes the file of a volume, if it has one. */
export async function removeVolumeFile(account: Account, id: string): Promise<void> {
    await rm(fileOf(account, id), { force: true });
}

async function volumeFile(account: Account, volume: VolumeRecord, label: string): Promise<string> {
    const file = fileOf(account, volume.id);
    if (!existsSync(file)) {
        const handle = await open(file, "w", 0o600);
        // Without a byte in it, it takes no room.
        await handle.truncate(volume.size * GIB);
        await handle.close();
        await run("mkfs.ext4", ["-q", "-L", label, file]);
    }
    return file;
}

function fileOf(account: Account, id: string): string {
    return join(account.directory, "volumes", `${id}.disk`);
}
