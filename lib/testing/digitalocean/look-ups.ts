import type { CloudRecord } from "../account.js";
import { ApiError, type LookUp } from "../simulated-resource.js";
import { publicImages, regions, sizes } from "./catalog.js";
import type { CustomImageRecord } from "./custom-image.js";
import type { SshKeyRecord } from "./ssh-key.js";
import type { VpcRecord } from "./vpc.js";

/** `digitalocean.getImage`: one image, by number, by name or by slug. */
const getImage: LookUp = async ({ id, name, slug, source }, account) => {
    const own = await account.list<CustomImageRecord>("images");
    const found = own.filter((image) => image.id === String(id) || image.name === name);
    const [image] = found;
    // docs.digitalocean.com, reference/terraform/reference/data-sources/image: an error for none, and for several.
    if (image !== undefined && found.length === 1 && source !== "applications") {
        return {
            id: image.imageId,
            image: image.id,
            name: image.name,
            slug: "",
            created: "",
            description: image.description ?? "",
            distribution: image.distribution ?? "Unknown",
            errorMessage: "",
            minDiskSize: 10,
            private: true,
            regions: image.regions,
            sizeGigabytes: 1,
            status: "available",
            tags: image.tags ?? [],
            type: "custom",
        };
    }
    if (typeof slug === "string" && publicImages.includes(slug)) {
        const id = 1 + publicImages.indexOf(slug);
        return { id, image: slug, name: slug, slug, private: false, regions, status: "available" };
    }
    const wanted = String(name ?? slug ?? id);
    const reason =
        found.length > 1 ? `too many images named "${wanted}"` : `no image found for "${wanted}"`;
    throw new ApiError("GET /v2/images", 404, reason);
};

/** `digitalocean.getVpc`: one VPC, by id, by name, or a region's default. */
const getVpc: LookUp = async ({ id, name, region }, account) => {
    const all = await account.list<VpcRecord>("vpcs");
    const found = all.find((vpc) =>
        id !== undefined
            ? vpc.id === id
            : name !== undefined
              ? vpc.name === name
              : vpc.default && vpc.region === region,
    );
    if (found === undefined) {
        throw new ApiError("GET /v2/vpcs", 404, `there is no VPC "${id ?? name ?? region}"`);
    }
    return { ...found, urn: `do:vpc:${found.id}`, description: found.description ?? "" };
};

/** `digitalocean.getSizes`. */
const getSizes: LookUp = async ({ filters }) => ({
    id: "sizes",
    sizes: filtered(
        sizes.map((size) => ({ ...size, id: size.slug, available: true, regions })),
        filters,
    ),
});

/** `digitalocean.getRegions`. */
const getRegions: LookUp = async ({ filters }) => ({
    id: "regions",
    regions: filtered(
        regions.map((slug) => ({ id: slug, slug, name: slug, available: true, features: [] })),
        filters,
    ),
});

/** `digitalocean.getSshKeys`. */
const getSshKeys: LookUp = async ({ filters }, account) => ({
    id: "ssh-keys",
    sshKeys: filtered(await account.list<SshKeyRecord>("ssh-keys"), filters),
});

/** The look-ups, by the provider's own tokens. */
export const lookUps: Readonly<Record<string, LookUp>> = {
    "digitalocean:index/getImage:getImage": getImage,
    "digitalocean:index/getVpc:getVpc": getVpc,
    "digitalocean:index/getSizes:getSizes": getSizes,
    "digitalocean:index/getRegions:getRegions": getRegions,
    "digitalocean:index/getSshKeys:getSshKeys": getSshKeys,
};

/** Those that each filter lets through, as the provider's lists do: a key and the values that it may have. */
function filtered(records: readonly CloudRecord[], filters: unknown): CloudRecord[] {
    const all: { key: string; values: unknown[] }[] = Array.isArray(filters) ? filters : [];
    return records.filter((record) =>
        all.every(({ key, values }) => {
            const own = record[key.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase())];
            const held = Array.isArray(own) ? own : [own];
            return values.some((value) => held.map(String).includes(String(value)));
        }),
    );
}
