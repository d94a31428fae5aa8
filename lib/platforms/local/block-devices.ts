import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./command.js";

/** A disk of a machine beside its own: a file system in a file, found by its label. */
export interface ExtraDisk {
    /** The file on this host. */
    readonly file: string;
    /** It appears as `/dev/disk/by-label/LABEL`. */
    readonly label: string;
}

/**
 * Attaches the disks to block devices of this host, unless they are, and puts a device for each into a folder, which a
 * machine sees as its `/dev/disk/by-label`.
 */
export async function attachDisks(disks: readonly ExtraDisk[], folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const { file, label } of disks) {
        const [found] = await devicesOf(file);
        const device = found ?? (await run("losetup", ["--find", "--show", file])).trim();
        await run("cp", ["--archive", "--remove-destination", device, join(folder, label)]);
    }
}

/** Takes the disks off this host's block devices; the files stay. */
export async function detachDisks(disks: readonly ExtraDisk[]): Promise<void> {
    for (const { file } of disks) {
        for (const device of await devicesOf(file)) {
            await run("losetup", ["--detach", device]);
        }
    }
}

async function devicesOf(file: string): Promise<string[]> {
    const text = await run("losetup", ["--associated", file, "--output", "NAME", "--noheadings"]);
    return text.split("\n").filter((line) => line !== "");
}
