import * as pulumi from "@pulumi/pulumi";

/**
 * Name of what belongs to a cluster, in an account that other stacks use too.
 *
 * @param separator what the parts are joined by: tags know `:`, names `-`
 */
export function cloudName(separator: ":" | "-", ...parts: readonly string[]): string {
    return [pulumi.getProject(), pulumi.getStack(), ...parts]
        .map((part) => part.toLowerCase().replaceAll(/[^a-z0-9-]+/g, "-"))
        .join(separator);
}

/** Tag of every droplet of a cluster. */
export function clusterTag(cluster: string): string {
    return cloudName(":", cluster);
}

/** Tag of every droplet of a group. */
export function groupTag(cluster: string, group: string): string {
    return cloudName(":", cluster, group);
}
