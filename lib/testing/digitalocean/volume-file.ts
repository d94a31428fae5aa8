import type { ExtraDisk } from "../../platforms/local/block-devices.js";
import type { Account } from "../account.js";
import { volumeFile } from "../volume-file.js";
import type { VolumeRecord } from "./volume-record.js";

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
