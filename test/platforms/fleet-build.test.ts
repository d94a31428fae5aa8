/** Where each cloud keeps a build of fleet, by Pulumi's own stand-in for its engine. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import type { ArchiveArgs } from "../../lib/index.js";
import { FleetBuild as OnAws } from "../../lib/platforms/aws/index.js";
import { FleetBuild as OnDigitalOcean } from "../../lib/platforms/digitalocean/index.js";
import {
    fleetArchive,
    fleetArchiveMark,
    fleetArchiveName,
} from "../../lib/platforms/fleet-archive.js";

type Inputs = Readonly<Record<string, unknown>>;
const declared = new Map<string, Inputs>();
const short = (type: string) => type.split(":").at(-1) ?? "";
const name = fleetArchiveName("amd64");

before(() =>
    pulumi.runtime.setMocks(
        {
            newResource: ({ type, name: own, inputs }) => {
                declared.set(`${short(type)} ${own}`, inputs);
                const bucket = inputs.bucket ?? `${own}-0a1b2c3`;
                const state = { ...inputs, bucket, region: inputs.region ?? "eu-central-1" };
                return { id: `${own}-id`, state: { ...state, arn: `arn:aws:s3:::${bucket}` } };
            },
            call: () => ({}),
        },
        "project",
        "stack",
        false,
    ),
);

const known = (value: pulumi.Input<string> | undefined) =>
    new Promise((resolve) => pulumi.output(value).apply(resolve));

async function assertArchive(archive: ArchiveArgs | undefined, url: string): Promise<void> {
    assert.equal(await known(archive?.url), url);
    assert.equal(await known(archive?.sha256), (await fleetArchive("amd64")).sha256);
}

test("S3: a bucket of its own, whose objects anyone may read, and nobody by a list", async () => {
    const build = new OnAws("fleet", { tags: { team: "blue" } });
    const url = `https://fleet-bucket-0a1b2c3.s3.eu-central-1.amazonaws.com/${name}`;
    await assertArchive(build.amd64, url);
    assert.equal(build.arm64, undefined);
    assert.deepEqual([...declared.keys()].sort(), [
        "Bucket fleet-bucket",
        "BucketObjectv2 fleet-amd64",
        "BucketPolicy fleet-policy",
        "BucketPublicAccessBlock fleet-access",
        "FleetBuild fleet",
    ]);
    const access = declared.get("BucketPublicAccessBlock fleet-access");
    assert.deepEqual([access?.["blockPublicAcls"], access?.["blockPublicPolicy"]], [true, false]);
    const policy = JSON.parse(String(declared.get("BucketPolicy fleet-policy")?.["policy"]));
    assert.deepEqual(policy.Statement, [
        {
            Effect: "Allow",
            Principal: "*",
            Action: "s3:GetObject",
            Resource: "arn:aws:s3:::fleet-bucket-0a1b2c3/*",
        },
    ]);
    const object = declared.get("BucketObjectv2 fleet-amd64");
    assert.deepEqual([object?.["key"], object?.["acl"]], [name, undefined]);
});

test("S3: a bucket that is there is left as it is", async () => {
    declared.clear();
    const endpoint = "https://cdn.example.com";
    const build = new OnAws("own", { bucket: "mine", prefix: "coreos/", endpoint });
    await assertArchive(build.amd64, `${endpoint}/coreos/${name}`);
    assert.deepEqual([...declared.keys()].sort(), ["BucketObjectv2 own-amd64", "FleetBuild own"]);
    assert.equal(declared.get("BucketObjectv2 own-amd64")?.["bucket"], "mine");
});

test("a Space: one object, which anyone may read, of another name when its content is another", async () => {
    declared.clear();
    const build = new OnDigitalOcean("fleet", { bucket: "mine", region: "sgp1" });
    await assertArchive(build.amd64, `https://mine.sgp1.digitaloceanspaces.com/${name}`);
    const own = `SpacesBucketObject fleet-amd64-${fleetArchiveMark("amd64")}`;
    assert.deepEqual([...declared.keys()].sort(), ["FleetBuild fleet", own]);
    const object = declared.get(own);
    assert.deepEqual([object?.["key"], object?.["acl"]], [name, "public-read"]);
});

test("S3: a processor that there is not is told at once", () => {
    const architectures = ["arm"] as unknown as ["arm64"];
    assert.throws(() => new OnAws("odd", { architectures }), {
        message:
            'FleetBuild "odd" can\'t be made:\n  - architectures: got "arm"; must be of amd64, arm64',
    });
});
