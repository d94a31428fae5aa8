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

const context = { publicIpv4: false, privateIpv4: true };

test("problems of what is added stand under the path at which it was written, all at once", () => {
    const additions: GroupDocuments = {
        units: [
            { name: "fine.service", content: "[Service]\n" },
            { name: "a.service", content: { Service: { ExecStart: "/bin/a\nUser=root" } } },
            { name: "b.servce", content: { Service: { ExecStart: "/bin/b" } } },
            { name: "c.service", content: "[Service]\nExecStart\n", command: "start", mask: true },
        ],
        files: [{ path: "relative", content: "$public_ipv4" }],
        cloudConfig: { coreos: { update: { group: "" } }, users: [{ name: "" }] },
    };
    const paths = (path: string) =>
        validateAdditions(path, additions, context).map((problem) => problem.path);
    const expected = [
        "units[1].content.Service.ExecStart",
        "units[2].name",
        "units[3].content",
        "units[3].command",
        "files[0].path",
        "files[0].content",
        "cloudConfig.users[0].name",
    ];
    assert.deepEqual(paths(""), expected);
    assert.deepEqual(
        paths("workers.web"),
        expected.map((path) => `workers.web.${path}`),
    );
    assert.deepEqual(validateAdditions("", {}, context), []);
});

test("a text that is no unit file is told by its line", () => {
    const units = [{ name: "c.service", content: "[Service]\nExecStart\n" }];
    assert.deepEqual(validateAdditions("", { units }, context).map(formatProblem), [
        'units[0].content: line 2 of the unit is not an assignment: got "ExecStart"; a directive is written Name=value',
    ]);
});

test("a part is not measured by itself; a whole document is, and its group is named", () => {
    const files = [{ path: "/a", content: "x".repeat(2000) }];
    const small = { ...context, limit: 1000 };
    assert.deepEqual(validateAdditions("", { files }, small), []);
    const told = validateGroupDocument("web", { write_files: files }, small).map(formatProblem);
    assert.equal(told.length, 1);
    assert.match(told[0] ?? "", /^user-data of web: got 2\d\d\d bytes/);
});
