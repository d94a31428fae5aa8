import { createHash } from "node:crypto";
import { cloudName } from "../cloud-name.js";
import type { AwsArgs } from "./args.js";

/** Tags of what belongs to a cluster, with its name for consoles. */
export function nameTags(
    { tags = {} }: AwsArgs,
    cluster: string,
    ...what: readonly string[]
): Record<string, string> {
    return { ...tags, Name: cloudName("-", cluster, ...what) };
}

/** A name of limited length; what is longer ends in a mark that no other name has. */
export function shortName(limit: number, ...parts: readonly string[]): string {
    const name = cloudName("-", ...parts);
    if (name.length <= limit) {
        return name.replace(/^internal-/, "in-");
    }
    const mark = createHash("sha256").update(name).digest("hex").slice(0, 7);
    return `${name
        .slice(0, limit - 8)
        .replace(/-+$/, "")
        .replace(/^internal-/, "in-")}-${mark}`;
}
