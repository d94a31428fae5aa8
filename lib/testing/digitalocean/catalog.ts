import { DropletSlug, Region } from "@pulumi/digitalocean/types/enums";
import { ApiError } from "../simulated-resource.js";

/** What a size of droplets has. */
export interface DropletSize {
    readonly slug: string;
    readonly vcpus: number;
    /** Megabytes. */
    readonly memory: number;
    /** Gigabytes. */
    readonly disk: number;
}

/** Slugs of the regions that the provider knows. */
export const regions: readonly string[] = Object.values(Region);

/** Slugs of DigitalOcean's own images, as far as they are simulated: every droplet boots the same machine image. */
export const publicImages: readonly string[] = [
    "debian-12-x64",
    "debian-13-x64",
    "fedora-42-x64",
    "ubuntu-22-04-x64",
    "ubuntu-24-04-x64",
];

/** The sizes that the provider knows. What they have is read from their slugs; the disk is a guess. */
export const sizes: readonly DropletSize[] = [...new Set<string>(Object.values(DropletSlug))].map(
    (slug) => {
        const [, amount = "1", unit = "gb"] = /(\d+)(gb|mb)(?:$|-)/.exec(slug) ?? [];
        const memory = Number(amount) * (unit === "gb" ? 1024 : 1);
        const [, vcpus = "1"] = /(\d+)vcpu/.exec(slug) ?? [];
        return { slug, vcpus: Number(vcpus), memory, disk: Math.max(10, (memory / 1024) * 25) };
    },
);

/**
 * Refuses a region that there is not.
 * Source: docs.digitalocean.com, reference/api: `region` is the slug of a region, else 422.
 */
export function requireRegion(request: string, region: unknown): string {
    if (typeof region !== "string" || !regions.includes(region)) {
        throw new ApiError(request, 422, `Region is not valid: there is no region "${region}".`);
    }
    return region;
}

/**
 * Refuses a size that there is not.
 * Source: docs.digitalocean.com, reference/api, `POST /v2/droplets`: `size` is the slug of a size, else 422.
 */
export function requireSize(request: string, slug: unknown): DropletSize {
    const size = sizes.find((one) => one.slug === slug);
    if (size === undefined) {
        const reason = `You specified an invalid size for Droplet creation: "${slug}".`;
        throw new ApiError(request, 422, reason);
    }
    return size;
}
