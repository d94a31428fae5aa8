import { gzipSync } from "node:zlib";
import type { Problem } from "../problem.js";
import type { UserDataContext } from "./context.js";
import type { CloudConfig } from "./document.js";
import { renderCloudConfig } from "./render.js";

/**
 * Bytes of user-data that clouds take: DigitalOcean 64 KiB; EC2 16 KiB, before base64 and after
 * gzip, if it is sent so. Sources: DigitalOcean API `droplets_create` `user_data`; EC2 user guide.
 */
export const USER_DATA_LIMITS = { digitalocean: 65536, ec2: 16384 } as const;

/** The text as gzip, equal for equal texts. The agent unpacks it on every cloud that hands it on. */
export function gzipUserData(text: string): Buffer {
    const packed = gzipSync(text, { level: 9 });
    // RFC 1952: the system that it was packed on; 255 for none, so that it is the same on each.
    packed[9] = 255;
    return packed;
}

/** Bytes that are really sent for this text. */
export function userDataSize(text: string, options: { readonly gzip?: boolean } = {}): number {
    return options.gzip ? gzipUserData(text).length : Buffer.byteLength(text);
}

/** Whether the text is over the limit: how large it is, and what makes it so. */
export function checkSize(
    text: string,
    document: CloudConfig,
    context: UserDataContext,
): Problem[] {
    const { limit, gzip = false } = context;
    const size = userDataSize(text, { gzip });
    if (limit === undefined || size <= limit) {
        return [];
    }
    const largest = partsOf(document)
        .map(({ path, part }) => ({ path, bytes: Buffer.byteLength(renderCloudConfig(part)) }))
        .sort((one, other) => other.bytes - one.bytes)
        .slice(0, 3)
        .map(({ path, bytes }) => `${path} with ${bytes}`);
    const parts = largest.length > 0 ? `; the largest parts are ${largest.join(", ")}` : "";
    const packed = gzip ? " as gzip" : "";
    return [
        {
            path: "user-data",
            given: `${size} bytes${packed}`,
            allowed: `at most ${limit} bytes${packed} can be sent${parts}${gzip ? " before gzip" : ""}; let the machine fetch large files`,
        },
    ];
}

function partsOf(document: CloudConfig): { path: string; part: CloudConfig }[] {
    const { coreos = {}, write_files = [], ssh_authorized_keys, users } = document;
    const { units = [], ...sections } = coreos;
    return [
        ...write_files.map((file, index) => ({
            path: `write_files[${index}] (${file.path})`,
            part: { write_files: [file] },
        })),
        ...units.map((unit, index) => ({
            path: `coreos.units[${index}] (${unit.name})`,
            part: { coreos: { units: [unit] } },
        })),
        ...Object.entries(sections).map(([key, value]) => ({
            path: `coreos.${key}`,
            part: { coreos: { [key]: value } },
        })),
        ...(users ? [{ path: "users", part: { users } }] : []),
        ...(ssh_authorized_keys
            ? [{ path: "ssh_authorized_keys", part: { ssh_authorized_keys } }]
            : []),
    ];
}
