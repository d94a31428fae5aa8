import type { Account, CloudRecord } from "../account.js";
import { ApiError, type SimulatedResource } from "../simulated-resource.js";
import { publicImages, requireRegion } from "./catalog.js";

/** What a program asks for. */
export type CustomImageInputs = {
    readonly name: string;
    readonly url: string;
    readonly regions: readonly string[];
    readonly distribution?: string;
    readonly description?: string;
    readonly tags?: readonly string[];
};

/** An image that the account imported. */
export type CustomImageRecord = CloudRecord & CustomImageInputs & { readonly imageId: number };

const REQUEST = "POST /v2/images";
/** docs.digitalocean.com, reference/terraform/reference/resources/custom_image: what `distribution` may be. */
const DISTRIBUTIONS = [
    "Arch Linux",
    "CentOS",
    "CoreOS",
    "Debian",
    "Fedora",
    "Fedora Atomic",
    "FreeBSD",
    "Gentoo",
    "openSUSE",
    "RancherOS",
    "Ubuntu",
    "Unknown",
    "Unknown OS",
];

/** `digitalocean.CustomImage`. Nothing is fetched: every droplet boots the machine image of the local platform. */
export const customImage: SimulatedResource<CustomImageInputs, CustomImageRecord> = {
    kind: "images",
    replacedBy: ["url"],
    defaults: { distribution: "Unknown" },
    named: true,
    async create(inputs, account) {
        // docs.digitalocean.com, products/custom-images/details/limits: these formats, plain or gzip or bzip2.
        if (!/^https?:\/\/.+\.(raw|img|bin|qcow2|vdi|vmdk)(\.gz|\.bz2)?$/.test(inputs.url)) {
            throw new ApiError(REQUEST, 422, `The image at ${inputs.url} can't be imported.`);
        }
        if (!DISTRIBUTIONS.includes(inputs.distribution ?? "Unknown")) {
            const reason = `Distribution "${inputs.distribution}" is not valid.`;
            throw new ApiError(REQUEST, 422, reason);
        }
        for (const region of inputs.regions) {
            requireRegion(REQUEST, region);
        }
        const imageId = await account.alone(() => account.nextNumber());
        const outputs = {
            imageId,
            createdAt: new Date().toISOString(),
            minDiskSize: 10,
            public: false,
            sizeGigabytes: 1,
            slug: "",
            status: "available",
            type: "custom",
        };
        return { id: String(imageId), outputs };
    },
    async update() {
        return {};
    },
};

/**
 * The image that a droplet is made from, by number or slug.
 * Source: docs.digitalocean.com, reference/api, `POST /v2/droplets`, and products/custom-images/details/limits: an image
 * is in certain regions only.
 */
export async function requireImage(
    request: string,
    image: string,
    region: string,
    account: Account,
): Promise<CustomImageRecord | undefined> {
    if (publicImages.includes(image)) {
        return undefined;
    }
    const found = await account.get<CustomImageRecord>("images", image);
    if (found === undefined) {
        const reason = `You specified an invalid image for Droplet creation: "${image}".`;
        throw new ApiError(request, 422, reason);
    }
    if (!found.regions.includes(region)) {
        const reason = `Image "${found.name}" is not available in region ${region}, only in ${found.regions.join(", ")}.`;
        throw new ApiError(request, 422, reason);
    }
    return found;
}
