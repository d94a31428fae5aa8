import type { CloudRecord } from "../account.js";
import { dropContent, emptyBucket, etagOf, keepContent } from "../objects.js";
import { ApiError, type SimulatedResource } from "../simulated-resource.js";
import { requireRegion } from "./catalog.js";

/** What a program asks for. */
export type SpaceInputs = {
    readonly name: string;
    readonly region?: string;
    readonly forceDestroy?: boolean;
};

/** docs.digitalocean.com, products/spaces/details/limits: names of Spaces. */
const NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** `digitalocean.SpacesBucket`. */
export const space: SimulatedResource<SpaceInputs, CloudRecord & SpaceInputs> = {
    kind: "spaces",
    replacedBy: ["name", "region"],
    defaults: { region: "nyc3" },
    named: true,
    async create({ name, region = "nyc3" }, account) {
        requireRegion("PUT /", region);
        if (!NAME.test(name)) {
            throw new ApiError("PUT /", 400, `InvalidBucketName: "${name}" is not valid.`);
        }
        if ((await account.get("spaces", name)) !== undefined) {
            throw new ApiError("PUT /", 409, `BucketAlreadyExists: there is a Space "${name}".`);
        }
        const endpoint = `${region}.digitaloceanspaces.com`;
        const outputs = {
            bucketUrn: `do:space:${name}`,
            bucketDomainName: `${name}.${endpoint}`,
            endpoint,
        };
        return { id: name, outputs };
    },
    async update() {
        return {};
    },
    async delete(id, { forceDestroy }, account) {
        await emptyBucket(
            account,
            id,
            forceDestroy,
            () => new ApiError("DELETE /", 409, `BucketNotEmpty: Space "${id}" is not empty.`),
        );
    },
};

/** What a program asks for. */
export type SpaceObjectInputs = {
    readonly bucket: string;
    readonly key: string;
    readonly region: string;
    /** Path of the file. */
    readonly source: string;
    readonly acl?: string;
};

/** `digitalocean.SpacesBucketObject`: anyone reads it where its list (`acl`) says so. */
export const spaceObject: SimulatedResource<SpaceObjectInputs, CloudRecord & SpaceObjectInputs> = {
    kind: "objects",
    replacedBy: ["bucket", "key", "region"],
    defaults: { acl: "private", forceDestroy: false },
    async create(inputs, account) {
        const { bucket, key, region, source } = inputs;
        const found = await account.get("spaces", bucket);
        if (found === undefined || found["region"] !== region) {
            const reason = `NoSuchBucket: there is no Space "${bucket}" in region ${region}.`;
            throw new ApiError("PUT /", 404, reason);
        }
        await keepContent(account, `${bucket}/${key}`, source);
        const outputs = { isPublic: isPublic(inputs), etag: etagOf(source) };
        return { id: `${bucket}/${key}`, outputs };
    },
    async update(id, _state, inputs, account) {
        await keepContent(account, id, inputs.source);
        return { isPublic: isPublic(inputs), etag: etagOf(inputs.source) };
    },
    async delete(id, _state, account) {
        await dropContent(account, id);
    },
};

function isPublic({ acl }: SpaceObjectInputs): boolean {
    return acl === "public-read";
}
