import {
    checkSize,
    gzipUserData,
    mergeCloudConfig,
    parseCloudConfig,
    renderCloudConfig,
    USER_DATA_LIMITS,
} from "../../cloud-config/index.js";
import { rejectArguments } from "../../constructs/reject.js";

/**
 * What an instance is handed, as base64 of gzip: the group's text, and what EC2's metadata does not give. An instance is
 * called by its address there, and has one key pair; etcd's members know each other by their names.
 *
 * @throws pulumi.RunError where that is more than EC2 takes
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
    const whole = mergeCloudConfig(own, document);
    const rendered = renderCloudConfig(whole);
    const context = {
        publicIpv4: true,
        privateIpv4: true,
        limit: USER_DATA_LIMITS.ec2,
        gzip: true,
    };
    // The group's own text is in bounds; what is added here may take it over them.
    rejectArguments(`Machine "${name}"`, checkSize(rendered, whole, context));
    return gzipUserData(rendered).toString("base64");
}
