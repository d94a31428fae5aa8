import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketObjectv2 } from "@pulumi/aws/s3/bucketObjectv2";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock";
import * as pulumi from "@pulumi/pulumi";
import type { Architecture } from "../../binaries/index.js";
import type { ArchiveArgs } from "../../cluster-args.js";
import { builtFleet } from "../built-fleet.js";
import { fleetArchiveName } from "../fleet-archive.js";

/** What a {@link FleetBuild} on S3 is made from. */
export interface FleetBuildArgs {
    /**
     * Name of a bucket whose objects below `prefix` machines may read without credentials, in the region of the
     * provider. Default one that is made, whose objects anyone may read: nothing but these archives is in it.
     */
    readonly bucket?: pulumi.Input<string>;
    /** Beginning of the objects' keys; default none. */
    readonly prefix?: string;
    /** Processors to build for; default `["amd64"]`. */
    readonly architectures?: readonly Architecture[];
    /** Base URL at which machines read the bucket, such as a CDN's; default S3's own. */
    readonly endpoint?: pulumi.Input<string>;
    /** Tags of what is made. */
    readonly tags?: Readonly<Record<string, string>>;
}

/**
 * fleet 1.0.0 from the Go modules that this package pins, built on this host and kept in S3: what `binaries.fleet` of a
 * cluster takes. The build is the same on every host, byte by byte, so that its sum is too.
 *
 * Needs Go 1.25 or newer; a preview builds as well, once on each host. Machines fetch without credentials: there is no
 * secret in fleet, and its sum in their user-data is what makes it right.
 */
export class FleetBuild extends pulumi.ComponentResource {
    /** For Intel's and AMD's processors, where it is built for them. */
    declare readonly amd64?: ArchiveArgs;
    /** For ARM processors, where it is built for them. */
    declare readonly arm64?: ArchiveArgs;

    constructor(name: string, args: FleetBuildArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        super("pulumi-coreos:aws:FleetBuild", name, {}, opts);
        const { architectures = ["amd64"], prefix = "", endpoint, tags = {} } = args;
        const child = { parent: this };
        const archives = [...new Set(architectures)].map(
            (architecture) => [architecture, builtFleet(name, architecture, child)] as const,
        );
        const { bucket, readable } =
            args.bucket === undefined
                ? publicBucket(name, tags, child)
                : { bucket: pulumi.output(args.bucket), readable: [] };
        for (const [architecture, archive] of archives) {
            const object = new BucketObjectv2(
                `${name}-${architecture}`,
                {
                    bucket,
                    key: prefix + fleetArchiveName(architecture),
                    source: archive.apply(({ path }) => new pulumi.asset.FileAsset(path)),
                    contentType: "application/x-tar",
                    tags,
                },
                { ...child, dependsOn: readable },
            );
            const base = endpoint ?? pulumi.all([object.bucket, object.region]).apply(urlOf);
            const url = pulumi.interpolate`${base}/${object.key}`;
            this[architecture] = { url, sha256: archive.sha256 };
        }
        this.registerOutputs({});
    }
}

/** A bucket with a policy by which anyone reads its objects; access control lists stay off. */
function publicBucket(
    name: string,
    tags: Readonly<Record<string, string>>,
    opts: pulumi.CustomResourceOptions,
): { bucket: pulumi.Output<string>; readable: pulumi.Resource[] } {
    const bucket = new Bucket(`${name}-bucket`, { forceDestroy: true, tags }, opts);
    const access = new BucketPublicAccessBlock(
        `${name}-access`,
        {
            bucket: bucket.bucket,
            blockPublicAcls: true,
            ignorePublicAcls: true,
            blockPublicPolicy: false,
            restrictPublicBuckets: false,
        },
        opts,
    );
    const policy = new BucketPolicy(
        `${name}-policy`,
        { bucket: bucket.bucket, policy: bucket.arn.apply(readableByAll) },
        { ...opts, dependsOn: [access] },
    );
    return { bucket: bucket.bucket, readable: [policy] };
}

function readableByAll(arn: string): string {
    const statement = {
        Effect: "Allow",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: `${arn}/*`,
    };
    return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

function urlOf([bucket, region]: [string, string]): string {
    const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    return `https://${bucket}.s3.${region}.${domain}`;
}
