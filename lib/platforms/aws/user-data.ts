import { RunError } from "@pulumi/pulumi";
import {
    gzipUserData,
    mergeCloudConfig,
    parseCloudConfig,
    renderCloudConfig,
    USER_DATA_LIMITS,
} from "../../cloud-config/index.js";

/**
 * What an instance is handed, as base64 of gzip: the group's text, and what EC2's metadata does not give. An instance is
 * called by its address there, and has one key pair; etcd's members know each other by their names.
 *
 * @throws RunError where that is more than EC2 takes
 */
export function instanceUserData(
    text: string,
    name: string,
    furtherKeys: readonly string[],
): string {
    const { document } = parseCloudConfig(text);
    const own = {
        hostname: name,
        ...(furtherKeys.length === 0 ? {} : { ssh_authorized_keys: [...furtherKeys] }),
    };
    const packed = gzipUserData(renderCloudConfig(mergeCloudConfig(own, document)));
    if (packed.length > USER_DATA_LIMITS.ec2) {
        throw new RunError(
            `Machine "${name}": its user-data has ${packed.length} bytes as gzip, with its name and ${furtherKeys.length} further SSH keys; EC2 takes ${USER_DATA_LIMITS.ec2}: let the machine fetch large files.`,
        );
    }
    return packed.toString("base64");
}
