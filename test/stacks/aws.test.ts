import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ofType, StackPreview } from "./support/stack-preview.js";

let stack: StackPreview;
const fleet = JSON.stringify({ url: "https://example.com/fleet.tar", sha256: "f".repeat(64) });

before(async () => {
    stack = await StackPreview.create("aws");
});

after(() => stack.dispose());

test("this repository's stack on AWS, as it is and with its settings", async () => {
    const plain = await stack.planned();
    assert.equal(ofType(plain, "aws:ec2/instance:Instance").length, 5);
    assert.equal(ofType(plain, "aws:ebs/volume:Volume").length, 3);
    assert.equal(ofType(plain, "aws:lb/loadBalancer:LoadBalancer").length, 0);
    const [build] = ofType(plain, "aws:s3/bucketObjectv2:BucketObjectv2");
    assert.match(String(build?.newState?.inputs["key"]), /^fleet-v1\.0\.0-linux-amd64-/);
    const settings = { members: "1", workers: "1", instanceType: "t4g.small", fleet };
    await stack.set({ ...settings, loadBalancer: "true", zones: "2" });
    const other = await stack.planned();
    const types = ofType(other, "aws:ec2/instance:Instance").map(
        ({ newState }) => newState?.inputs["instanceType"],
    );
    assert.deepEqual(types, ["t4g.small", "t4g.small"]);
    assert.equal(ofType(other, "aws:ec2/subnet:Subnet").length, 2);
    assert.equal(ofType(other, "aws:s3/bucketObjectv2:BucketObjectv2").length, 0);
    assert.match(
        JSON.stringify(ofType(other, "pulumi-coreos:index:UserData")),
        /https:\/\/example\.com\/fleet\.tar/,
    );
    assert.equal(ofType(other, "aws:lb/loadBalancer:LoadBalancer").length, 1);
});

test("what the look-ups don't know ends the preview before anything is made", async () => {
    await stack.assertRefused(
        "zones",
        "4",
        /platform\.vpc\.zones: got 4; this region has 3 zones, /,
    );
    await stack.assertRefused(
        "flatcar",
        "1.2.3",
        /image\.flatcar\.version: got "1\.2\.3"; Flatcar stable 1\.2\.3 for/,
    );
});
