import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type CloudConfig, mergeCloudConfig } from "../../lib/cloud-config/index.js";
import { documents } from "./arbitraries.js";

const cases: readonly [
    title: string,
    base: CloudConfig,
    extra: CloudConfig,
    merged: CloudConfig,
][] = [
    [
        "single values are the user's",
        { hostname: "a", coreos: { update: { group: "stable", reboot_strategy: "off" } } },
        { hostname: "b", coreos: { update: { group: "beta" }, fleet: { metadata: "a=b" } } },
        {
            hostname: "b",
            coreos: {
                update: { group: "beta", reboot_strategy: "off" },
                fleet: { metadata: "a=b" },
            },
        },
    ],
    [
        "keys are appended, each once",
        { ssh_authorized_keys: ["a", "b"] },
        { ssh_authorized_keys: ["c", "a"] },
        { ssh_authorized_keys: ["a", "b", "c"] },
    ],
    [
        "a file of the same path is replaced as a whole, in its place",
        {
            write_files: [
                { path: "/a", content: "YQ==", encoding: "b64", permissions: "0600" },
                { path: "/b" },
            ],
        },
        { write_files: [{ path: "/c" }, { path: "/a", content: "b" }] },
        { write_files: [{ path: "/a", content: "b" }, { path: "/b" }, { path: "/c" }] },
    ],
    [
        "a unit of the same name keeps what is not given, and its place",
        {
            coreos: {
                units: [
                    {
                        name: "a.service",
                        content: "x",
                        command: "start",
                        drop_ins: [
                            { name: "1.conf", content: "1" },
                            { name: "2.conf", content: "2" },
                        ],
                    },
                    { name: "b.service", enable: true },
                ],
            },
        },
        {
            coreos: {
                units: [
                    { name: "c.service" },
                    {
                        name: "a.service",
                        content: "y",
                        drop_ins: [
                            { name: "3.conf", content: "3" },
                            { name: "2.conf", content: "two" },
                        ],
                    },
                ],
            },
        },
        {
            coreos: {
                units: [
                    {
                        name: "a.service",
                        content: "y",
                        command: "start",
                        drop_ins: [
                            { name: "1.conf", content: "1" },
                            { name: "2.conf", content: "two" },
                            { name: "3.conf", content: "3" },
                        ],
                    },
                    { name: "b.service", enable: true },
                    { name: "c.service" },
                ],
            },
        },
    ],
    [
        "a user of the same name gets further groups and keys",
        { users: [{ name: "a", shell: "/bin/sh", groups: ["x"], ssh_authorized_keys: ["k"] }] },
        { users: [{ name: "a", shell: "/bin/bash", groups: ["y"], ssh_authorized_keys: ["l"] }] },
        {
            users: [
                {
                    name: "a",
                    shell: "/bin/bash",
                    groups: ["x", "y"],
                    ssh_authorized_keys: ["k", "l"],
                },
            ],
        },
    ],
];

for (const [title, base, extra, merged] of cases) {
    test(title, () => {
        assert.deepEqual(mergeCloudConfig(base, extra), merged);
    });
}

test("a key given as undefined leaves the base's value", () => {
    const extra: CloudConfig = JSON.parse('{"coreos": {}}');
    Object.assign(extra, { hostname: undefined });
    assert.deepEqual(mergeCloudConfig({ hostname: "a" }, extra), { hostname: "a", coreos: {} });
});

test("merging with nothing changes nothing, and leaves its arguments alone", () => {
    fc.assert(
        fc.property(documents, documents, (document, extra) => {
            assert.deepEqual(mergeCloudConfig(document, {}), document);
            assert.deepEqual(mergeCloudConfig({}, document), document);
            const before = structuredClone([document, extra]);
            mergeCloudConfig(document, extra);
            assert.deepEqual([document, extra], before);
        }),
    );
});
