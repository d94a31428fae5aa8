import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readRecord, writeAtomically } from "./manifest.js";

/** What a machine is told from outside, in the form of an OpenStack config drive. */
export interface ConfigDrive {
    /** The cloud-config. */
    readonly userData: string;
    /** Public keys that log in as `core`. */
    readonly sshAuthorizedKeys: readonly string[];
    readonly hostname: string;
}

interface MetaData {
    readonly uuid: string;
    readonly hostname: string;
    readonly public_keys: Readonly<Record<string, string>>;
}

/** Writes the drive; a machine that runs sees it, and applies it at its next boot. */
export async function writeConfigDrive(
    directory: string,
    uuid: string,
    drive: ConfigDrive,
): Promise<void> {
    const keys = drive.sshAuthorizedKeys.map((key, index) => [`key-${index}`, key]);
    const metaData: MetaData = {
        uuid,
        hostname: drive.hostname,
        public_keys: Object.fromEntries(keys),
    };
    await writeAtomically(userDataFile(directory), drive.userData);
    await writeAtomically(metaDataFile(directory), `${JSON.stringify(metaData, null, 4)}\n`);
}

/** What stands on the drive; `undefined` when there is none. */
export async function readConfigDrive(directory: string): Promise<ConfigDrive | undefined> {
    const metaData = await readRecord<MetaData>(metaDataFile(directory));
    if (metaData === undefined) {
        return undefined;
    }
    return {
        userData: await readFile(userDataFile(directory), "utf8"),
        sshAuthorizedKeys: Object.values(metaData.public_keys),
        hostname: metaData.hostname,
    };
}

function userDataFile(directory: string): string {
    return join(directory, "openstack", "latest", "user_data");
}

function metaDataFile(directory: string): string {
    return join(directory, "openstack", "latest", "meta_data.json");
}
