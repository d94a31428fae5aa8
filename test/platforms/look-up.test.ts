import assert from "node:assert/strict";
import { test } from "node:test";
import { credentialsProblem as ofAws } from "../../lib/platforms/aws/credentials.js";
import { credentialsProblem as ofDigitalOcean } from "../../lib/platforms/digitalocean/credentials.js";
import { lookedUp, lookUpReason } from "../../lib/platforms/look-up.js";
import type { Problem } from "../../lib/problem.js";

/** As the engine and the providers say it. */
const none =
    "invocation of aws:ec2/getAmi:getAmi returned an error: invoking aws:ec2/getAmi:getAmi: 1 error occurred:\n\t* Your query returned no results. Please change your search criteria and try again.\n\n";

test("what a look-up failed for is in the cloud's own words", () => {
    const said = "Your query returned no results. Please change your search criteria and try again";
    assert.equal(lookUpReason(new Error(none)), said);
    assert.equal(lookUpReason("GET /v2/vpcs: 404 not found"), "GET /v2/vpcs: 404 not found");
});

const credentials: [string, (cause: unknown) => Problem | undefined, string | undefined][] = [
    ["No valid credential sources found.", ofAws, "credentials"],
    ["Invalid credentials configured.", ofAws, "credentials"],
    [
        "AuthFailure: AWS was not able to validate the provided access credentials",
        ofAws,
        "credentials",
    ],
    ["ExpiredToken: The security token included in the request is expired", ofAws, "credentials"],
    ["missing region information", ofAws, "region"],
    ["invalid AWS Region: eu-cental-1", ofAws, "region"],
    ["UnauthorizedOperation: You are not authorized to perform this operation", ofAws, undefined],
    [none, ofAws, undefined],
    [
        "GET https://api.example/v2/sizes: 401 Unable to authenticate you",
        ofDigitalOcean,
        "credentials",
    ],
    ["GET https://api.example/v2/sizes: 403 You are not authorized", ofDigitalOcean, undefined],
    ["GET https://api.example/v2/sizes: 429 Too many requests", ofDigitalOcean, undefined],
];
for (const [reason, problemOf, path] of credentials) {
    test(`what lacks where the cloud says "${reason.slice(0, 60)}"`, () => {
        assert.equal(problemOf(new Error(reason))?.path, path);
    });
}

test("a failure is told as its problem; for want of credentials that alone", async () => {
    const problem = (reason: string): Problem => ({
        path: "image",
        allowed: `is not there (${reason})`,
    });
    const find = () => Promise.reject(new Error("404"));
    const opts = {};
    await assert.rejects(lookedUp(find, { opts, offered: Promise.resolve() }, "It", problem), {
        message: "It can't be made:\n  - image: is not there (404)",
    });
    const offered = Promise.reject(new Error("no token"));
    await assert.rejects(lookedUp(find, { opts, offered }, "It", problem), { message: "no token" });
    const found = lookedUp(async () => 7, { opts, offered }, "It", problem);
    assert.equal(await found, 7);
    const warned = (reason: string): Problem => ({ ...problem(reason), severity: "warning" });
    const missing = await lookedUp(find, { opts, offered: Promise.resolve() }, "It", warned);
    assert.equal(missing, undefined);
});
