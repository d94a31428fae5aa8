import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import {
    applyVariables,
    gzipUserData,
    mentionsVariable,
    renderCloudConfig,
    USER_DATA_LIMITS,
    userDataSize,
    validateCloudConfig,
    validateUserData,
} from "../../lib/cloud-config/index.js";
import { formatProblem } from "../../lib/problem.js";
import { documents } from "./arbitraries.js";

const machine = { publicIpv4: true, privateIpv4: true };

test("says at the document what it says at its text", () => {
    fc.assert(
        fc.property(documents, (document) => {
            const sorted = (problems: readonly { path: string }[]) =>
                problems.map((problem) => JSON.stringify(problem)).sort();
            assert.deepEqual(
                sorted(validateUserData(renderCloudConfig(document), machine)),
                sorted(validateCloudConfig(document, machine)),
            );
        }),
        { numRuns: 200 },
    );
});

test("values from JavaScript are compared with the schema", () => {
    const document = JSON.parse(
        '{"hostname": 5, "coreos": {"units": [{"name": null}], "fleat": {}}}',
    );
    assert.deepEqual(validateCloudConfig(document, machine).map(formatProblem), [
        "hostname: got 5; must be a text",
        "coreos.units[0].name: got null; must be a text",
        "coreos.fleat: unknown key; did you mean fleet?",
    ]);
});

test("a text of two lines where one belongs, and half a character", () => {
    const document = { coreos: { etcd: { name: "a\nb" } }, hostname: "\ud800" };
    assert.deepEqual(
        validateCloudConfig(document, machine)
            .filter(({ severity }) => severity !== "warning")
            .map(formatProblem),
        [
            'coreos.etcd.name: got "a\\nb"; must be one line',
            'hostname: got "\\ud800"; holds half a character (a lone surrogate), which no file can hold',
        ],
    );
});

for (const content of ["bell \u0007 \\$private_ipv4", "\\$public_ipv4\n  ", "\t\\$public_ipv4\n"]) {
    test(`${JSON.stringify(content)} could not be rendered with its variable escaped`, () => {
        const document = { write_files: [{ path: "/a", content }] };
        const [problem] = validateCloudConfig(document, machine);
        assert.equal(problem?.path, "write_files[0].content");
        assert.match(problem?.allowed ?? "", /escaped variable/);
    });
}

test("a document over the limit: its size, and its three largest parts", () => {
    const document = {
        hostname: "a",
        write_files: [
            { path: "/a", content: "é".repeat(3000) },
            { path: "/b", content: "b".repeat(2000) },
        ],
        coreos: {
            units: [{ name: "c.service", content: "c".repeat(4000) }],
            fleet: { metadata: "d".repeat(1000) },
        },
    };
    const size = Buffer.byteLength(renderCloudConfig(document));
    const sized = (limit: number, gzip = false) =>
        validateCloudConfig(document, { ...machine, limit, gzip })
            .filter(({ path }) => path === "user-data")
            .map(formatProblem);
    assert.deepEqual(sized(size), []);
    assert.match(
        sized(size - 1).join(),
        new RegExp(
            `^user-data: got ${size} bytes; at most ${size - 1} bytes can be sent; the largest parts are ` +
                String.raw`write_files\[0\] \(/a\) with 60\d\d, coreos\.units\[0\] \(c\.service\) with 40\d\d, write_files\[1\] \(/b\) with 20\d\d; let the machine fetch large files$`,
        ),
    );
    const packed = userDataSize(renderCloudConfig(document), { gzip: true });
    assert.ok(packed < 1000);
    assert.deepEqual(sized(packed, true), []);
    assert.match(sized(packed - 1, true).join(), new RegExp(`got ${packed} bytes as gzip`));
});

test("a script over the limit", () => {
    const limit = USER_DATA_LIMITS.ec2;
    const script = `#!/bin/sh\n${"#".repeat(limit)}`;
    assert.deepEqual(validateUserData(script, { ...machine, limit }).map(formatProblem), [
        `user-data: got ${limit + 10} bytes; at most 16384 bytes can be sent; let the machine fetch large files`,
    ]);
});

test("sizes are bytes, of gzip what is sent as gzip", () => {
    assert.equal(userDataSize("é"), 2);
    assert.equal(userDataSize("é", { gzip: true }), gzipUserData("é").length);
    assert.equal(gunzipSync(gzipUserData("é")).toString(), "é");
    assert.deepEqual(USER_DATA_LIMITS, { digitalocean: 65536, ec2: 16384 });
});

const mentions: readonly [text: string, mentioned: boolean][] = [
    ["$public_ipv4", true],
    ["http://$public_ipv4:80", true],
    ["a\n$public_ipv4", true],
    ["$public_ipv4foo", true],
    ["$$public_ipv4", true],
    ["\\$public_ipv4", false],
    ["\\$public_ipv4 $public_ipv4", true],
    ["${public_ipv4}", false],
    ["$public_ipv", false],
    ["$private_ipv4", false],
    ["", false],
];
for (const [text, mentioned] of mentions) {
    test(`${JSON.stringify(text)} ${mentioned ? "mentions" : "does not mention"} the address`, () => {
        assert.equal(mentionsVariable(text, "public_ipv4"), mentioned);
    });
}

for (const [text, expected] of [
    ["http://$private_ipv4:80 $public_ipv4", "http://10.0.0.1:80 192.0.2.1"],
    ["$private_ipv4foo", "10.0.0.1foo"],
    ["\\$private_ipv4 \\\\$private_ipv4", "$private_ipv4 \\$private_ipv4"],
    ["${private_ipv4} $private_ip", "${private_ipv4} $private_ip"],
    ["[$private_ipv6]", "[]"],
    // What stands right behind another is left alone, as the agent's own expression leaves it.
    ["$private_ipv4$private_ipv4", "10.0.0.1$private_ipv4"],
] as const) {
    test(`for a machine ${text} is ${expected}`, () => {
        const addresses = { private_ipv4: "10.0.0.1", public_ipv4: "192.0.2.1" };
        assert.equal(applyVariables(text, addresses), expected);
    });
}
