import type { Account, CloudRecord } from "../account.js";
import { dropContent, emptyBucket, etagOf, keepContent } from "../objects.js";
import { ApiError, type SimulatedResource } from "../simulated-resource.js";
import type { Upload } from "../wire-values.js";
import { region } from "./catalog.js";

/** What a program asks for. */
export type BucketInputs = { readonly bucket: string; readonly forceDestroy?: boolean };

/** docs.aws.amazon.com, AmazonS3/latest/userguide/bucketnamingrules. */
const NAME = /^(?!xn--|sthree-)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** `aws.s3.Bucket`. */
export const bucket: SimulatedResource<BucketInputs, CloudRecord & BucketInputs> = {
    kind: "buckets",
    replacedBy: ["bucket"],
    named: "bucket",
    async create({ bucket: name }, account) {
        if (!NAME.test(name)) {
            const reason = "InvalidBucketName: The specified bucket is not valid.";
            throw new ApiError("s3 CreateBucket", 400, reason);
        }
        if ((await account.get("buckets", name)) !== undefined) {
            const reason = "BucketAlreadyOwnedByYou: Your previous request to create it succeeded.";
            throw new ApiError("s3 CreateBucket", 409, reason);
        }
        const outputs = {
            arn: `arn:aws:s3:::${name}`,
            bucketDomainName: `${name}.s3.amazonaws.com`,
            bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
            region,
        };
        return { id: name, outputs };
    },
    async update() {
        return {};
    },
    async delete(id, { forceDestroy }, account) {
        // docs.aws.amazon.com, AmazonS3/latest/API/API_DeleteBucket: only an empty one.
        await emptyBucket(account, id, forceDestroy, () => {
            const reason = "BucketNotEmpty: The bucket you tried to delete is not empty";
            return new ApiError("s3 DeleteBucket", 409, reason);
        });
    },
};

/** What a program asks for. */
export type AccessInputs = { readonly bucket: string; readonly blockPublicPolicy?: boolean };

/** `aws.s3.BucketPublicAccessBlock`. Access control lists are on record alone: new buckets have none. */
export const publicAccessBlock: SimulatedResource<AccessInputs, CloudRecord & AccessInputs> = {
    kind: "public-access-blocks",
    replacedBy: ["bucket"],
    async create({ bucket: name }, account) {
        await requireBucket("s3 PutPublicAccessBlock", name, account);
        return { id: name, outputs: { region } };
    },
    async update() {
        return {};
    },
};

/** What a program asks for. */
export type PolicyInputs = { readonly bucket: string; readonly policy: string };

/** `aws.s3.BucketPolicy`. */
export const bucketPolicy: SimulatedResource<PolicyInputs, CloudRecord & PolicyInputs> = {
    kind: "bucket-policies",
    replacedBy: ["bucket"],
    async create({ bucket: name, policy }, account) {
        const request = "s3 PutBucketPolicy";
        await requireBucket(request, name, account);
        const access = await account.get("public-access-blocks", name);
        // docs.aws.amazon.com, AmazonS3/latest/userguide/access-control-block-public-access: on for every new bucket.
        if (/"Principal":"\*"/.test(policy) && access?.["blockPublicPolicy"] !== false) {
            const reason =
                "AccessDenied: public policies are blocked by the BlockPublicPolicy setting in S3 Block Public Access.";
            throw new ApiError(request, 403, reason);
        }
        return { id: name, outputs: { region } };
    },
    async update() {
        return {};
    },
};

/** What a program asks for. */
export type ObjectInputs = {
    readonly bucket: string;
    readonly key: string;
    readonly source: Upload;
};

/** `aws.s3.BucketObjectv2`. Nobody reads it from outside but where the bucket's policy says so. */
export const bucketObject: SimulatedResource<ObjectInputs, CloudRecord & ObjectInputs> = {
    kind: "objects",
    replacedBy: ["bucket", "key"],
    stored: ({ source }) => ({ source: source.hash }),
    async create({ bucket: name, key, source }, account) {
        await requireBucket("s3 PutObject", name, account);
        const { path = "" } = source;
        await keepContent(account, `${name}/${key}`, path);
        const outputs = { isPublic: false, etag: etagOf(path), region };
        return { id: `${name}/${key}`, outputs };
    },
    async update(id, _state, { source }, account) {
        const { path = "" } = source;
        await keepContent(account, id, path);
        return { etag: etagOf(path) };
    },
    async delete(id, _state, account) {
        await dropContent(account, id);
    },
};

async function requireBucket(request: string, name: string, account: Account): Promise<void> {
    if ((await account.get("buckets", name)) === undefined) {
        const reason = "NoSuchBucket: The specified bucket does not exist";
        throw new ApiError(request, 404, reason);
    }
}
