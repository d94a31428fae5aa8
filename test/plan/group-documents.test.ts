import assert from "node:assert/strict";
import { test } from "node:test";
import {
    type GroupDocuments,
    mergeDocuments,
    validateAdditions,
    validateGroupDocument,
} from "../../lib/plan/index.js";
import { formatProblem } from "../../lib/problem.js";

const base = {
    coreos: {
        update: { group: "stable" },
        units: [{ name: "etcd.service", content: "[Service]\nExecStart=/opt/bin/etcd\n" }],
    },
};

test("units, files and a cloud-config are merged in, for all groups first, then for one", () => {
    const everywhere: GroupDocuments = {
        files: [{ path: "/a", content: "of all" }],
        units: [
            {
                name: "extra.service",
                command: "start",
                content: { Service: { ExecStart: ["/bin/a", "/bin/b"], Type: "oneshot" } },
            },
            { name: "text.service", content: "[Service]\nExecStart=/bin/c\n" },
        ],
        cloudConfig: { coreos: { update: { group: "alpha" } } },
    };
    const one: GroupDocuments = {
        files: [{ path: "/a", content: "of one" }],
        units: [{ name: "text.service", mask: true }],
        cloudConfig: {
            coreos: {
                units: [{ name: "etcd.service", drop_ins: [{ name: "1.conf", content: "x" }] }],
            },
        },
    };
    assert.deepEqual(mergeDocuments(base, [everywhere, one]), {
        write_files: [{ path: "/a", content: "of one" }],
        coreos: {
            update: { group: "alpha" },
            units: [
                {
                    name: "etcd.service",
                    content: "[Service]\nExecStart=/opt/bin/etcd\n",
                    drop_ins: [{ name: "1.conf", content: "x" }],
                },
                {
                    name: "extra.service",
                    command: "start",
                    content: "[Service]\nExecStart=/bin/a\nExecStart=/bin/b\nType=oneshot\n",
                },
                { name: "text.service", content: "[Service]\nExecStart=/bin/c\n", mask: true },
            ],
        },
    });
});

test("nothing added leaves the library's document as it is", () => {
    assert.deepEqual(mergeDocuments(base, [{}, {}]), base);
});

test("problems of a typed unit stand under the path at which it was written", () => {
    const units = [
        { name: "fine.service", content: "[Service]\n" },
        { name: "a.service", content: { Service: { ExecStart: "/bin/a\nUser=root" } } },
        { name: "b.servce", content: { Service: { ExecStart: "/bin/b" } } },
    ];
    const paths = (path: string) => validateAdditions(path, { units }).map((one) => one.path);
    assert.deepEqual(paths("workers.web"), [
        "workers.web.units[1].content.Service.ExecStart",
        "workers.web.units[2].name",
    ]);
    assert.deepEqual(paths(""), ["units[1].content.Service.ExecStart", "units[2].name"]);
    assert.deepEqual(validateAdditions("", {}), []);
});

test("problems of a whole document name the group", () => {
    const document = { write_files: [{ path: "relative", content: "$public_ipv4" }] };
    const context = { publicIpv4: false, privateIpv4: true };
    const told = validateGroupDocument("web", document, context).map(formatProblem);
    assert.equal(told.length, 2, told.join("\n"));
    assert.ok(told[0]?.startsWith("cloudConfig of web.write_files[0].path: "), told[0]);
    assert.ok(told[1]?.startsWith("cloudConfig of web.write_files[0].content: "), told[1]);
});
