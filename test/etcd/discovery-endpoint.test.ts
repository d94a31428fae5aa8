import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../lib/cli/project.js";
import { validateUserData } from "../../lib/cloud-config/index.js";
import {
    discoveryEndpoint,
    validateDiscoveryEndpoint,
    validateDiscoveryUrl,
    validateTokenSize,
} from "../../lib/etcd/index.js";
import { inspect } from "../support/cloudinit.js";

for (const [text, kind, url] of [
    ["https://discovery.etcd.io", "service", "https://discovery.etcd.io"],
    ["https://discovery.etcd.io/", "service", "https://discovery.etcd.io"],
    ["http://10.0.0.2:8087/sub//", "service", "http://10.0.0.2:8087/sub"],
    ["http://10.0.0.2:2379", "service", "http://10.0.0.2:2379"],
    ["http://10.0.0.2:2379/v2/keys", "etcd", "http://10.0.0.2:2379/v2/keys/discovery"],
    ["http://10.0.0.2:2379/v2/keys/", "etcd", "http://10.0.0.2:2379/v2/keys/discovery"],
    ["http://[fd00::1]:2379/v2/keys/a/b/", "etcd", "http://[fd00::1]:2379/v2/keys/a/b"],
    ["https://example.com/etcd/v2/keys/a", "etcd", "https://example.com/etcd/v2/keys/a"],
    ["https://example.com/v2/keyserver", "service", "https://example.com/v2/keyserver"],
] as const) {
    test(`${text} is ${kind === "etcd" ? "an etcd" : "a service"}`, () => {
        assert.deepEqual(discoveryEndpoint(text), { kind, url });
        assert.deepEqual(discoveryEndpoint(url), { kind, url }, "and stays so");
        assert.deepEqual(validateDiscoveryEndpoint("endpoint", text), []);
    });
}

for (const text of [
    "",
    "discovery.etcd.io",
    "ftp://example.com",
    "http://",
    "http:/example.com",
    "http://user:word@example.com",
    "http://example.com/new?size=3",
    "http://example.com/a b",
    "http://example.com/a\nb",
    "http://example.com/$private_ipv4",
    "http://example.com/%20",
    'http://example.com/"',
]) {
    test(`${JSON.stringify(text)} is no URL of an endpoint nor of a token`, () => {
        const [problem] = validateDiscoveryEndpoint("endpoint", text);
        assert.equal(problem?.path, "endpoint");
        assert.equal(validateDiscoveryUrl("url", text)[0]?.path, "url");
        assert.ok(!JSON.stringify(problem).includes(":word"), "no password is shown");
    });
}

test("a token's URL has the token in it", () => {
    assert.equal(validateDiscoveryUrl("url", "https://discovery.etcd.io").length, 1);
    assert.equal(validateDiscoveryUrl("url", "https://discovery.etcd.io/").length, 1);
    assert.deepEqual(validateDiscoveryUrl("url", "https://discovery.etcd.io/abc"), []);
});

test("a size is the number of members", () => {
    for (const size of [1, 3, 99]) {
        assert.deepEqual(validateTokenSize("size", size), []);
    }
    for (const size of [0, -1, 100, 2.5, Number.NaN]) {
        assert.equal(validateTokenSize("size", size)[0]?.path, "size", String(size));
    }
});

test("the cloud-config by hand in the documentation of DiscoveryToken is one without problem", async () => {
    const source = readFileSync(join(packageRoot, "lib", "discovery.ts"), "utf8");
    const [, example = ""] = /`(#cloud-config\n[^`]*)`;/.exec(source) ?? [];
    const text = example
        .replaceAll(/^ \* ?/gm, "")
        .replace("${url}", "https://discovery.etcd.io/abc");
    assert.match(text, /ETCD_DISCOVERY=https:\/\/discovery\.etcd\.io\/abc"/);
    assert.deepEqual(validateUserData(text, { publicIpv4: false, privateIpv4: true }), []);
    const [finding] = await inspect([text]);
    assert.deepEqual([finding?.error, finding?.report], [undefined, []]);
});
