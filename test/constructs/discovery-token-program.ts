/** The program of discovery-token.test.ts: one token, of what the environment says. */
import * as pulumi from "@pulumi/pulumi";
import { DiscoveryToken, type DiscoveryTokenArgs, SshKey, UserData } from "../../lib/index.js";

const given: DiscoveryTokenArgs = JSON.parse(process.env["TOKEN"] ?? "{}");
if (given.endpoint === undefined && given.url === undefined) {
    throw new Error("a test has nothing to do with the public service");
}
const late = process.env["TOKEN_URL_LATE"];
const key = new SshKey("beside", { comment: process.env["COMMENT"] ?? "" });

const token = new DiscoveryToken(
    process.env["TOKEN_NAME"] ?? "demo",
    {
        ...given,
        ...(late === undefined ? {} : { url: key.publicKey.apply(() => late) }),
    },
    { customTimeouts: { create: "2s" } },
);

new UserData("text", { text: pulumi.interpolate`discovery: ${token.url}` });
