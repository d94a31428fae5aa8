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
