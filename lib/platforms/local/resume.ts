import { isDeepStrictEqual } from "node:util";
import { readConfigDrive } from "./config-drive.js";
import { machinePaths } from "./disk.js";
import {
    type MachineSpec,
    type StartOptions,
    startMachine,
    stopMachine,
    updateMachine,
} from "./machine.js";
import { type MachineManifest, readMachineManifest } from "./manifest.js";

/**
 * Takes over the machine that a cut-off create of the same spec left, with its disk: its etcd may
 * already be part of a cluster, which would refuse it with an empty one.
 *
 * @returns its manifest; `undefined` where there is none, or where it never got as far as its first
 * boot, or stands on another image or address.
 */
export async function resumeMachine(
    spec: MachineSpec,
    options: StartOptions = {},
): Promise<MachineManifest | undefined> {
    const { network, name } = spec;
    const left = await readMachineManifest(network, name);
    const fits =
        left !== undefined &&
        left.started > 0 &&
        left.imageId === spec.imageId &&
        left.address === spec.address &&
        (spec.uuid === undefined || left.uuid === spec.uuid);
    if (!fits) {
        return undefined;
    }
    const { userData, sshAuthorizedKeys, hostname } = spec;
    const drive = { userData, sshAuthorizedKeys, hostname };
    if (!isDeepStrictEqual(await readConfigDrive(machinePaths(network, name).configDrive), drive)) {
        // The agent reads it at boot alone.
        await updateMachine(network, name, drive);
        await stopMachine(network, name);
    }
    return startMachine(network, name, options);
}
