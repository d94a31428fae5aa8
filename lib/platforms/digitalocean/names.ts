import { cloudName } from "../cloud-name.js";

/** Tag of every droplet of a cluster. */
export function clusterTag(cluster: string): string {
    return cloudName(":", cluster);
}

/** Tag of every droplet of a group. */
export function groupTag(cluster: string, group: string): string {
    return cloudName(":", cluster, group);
}
