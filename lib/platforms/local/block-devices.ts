import { run } from "./command.js";

/** A disk of a machine beside its own: a file system in a file, found by its label. */
export interface ExtraDisk {
    /** The file on this host. */
    readonly file: string;
    /** It appears as `/dev/disk/by-label/LABEL`. */
    readonly label: string;
}

/** Attaches the disks to block devices of this host, unless they are; answers with one device for each. */
export async function attachDisks(disks: readonly ExtraDisk[]): Promise<string[]> {
    const devices: string[] = [];
    for (const { file } of disks) {
        const [found] = await devicesOf(file);
        devices.push(found ?? (await run("losetup", ["--find", "--show", file])).trim());
    }
    return devices;
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
