import assert from "node:assert/strict";
import { test } from "node:test";
import {
    type BinariesChoice,
    type BinariesPlatform,
    type ClusterShape,
    planBinaries,
} from "../../lib/plan/index.js";
import { formatProblem } from "../../lib/problem.js";

const shape: ClusterShape = {
    name: "d",
    members: { count: 1 },
    workers: { arm: { count: 1 }, db: { count: 1, fleet: false }, bare: { count: 1, etcd: false } },
};
const cloud: BinariesPlatform = { name: "cloud", hasBinaries: false };
const mixed: BinariesPlatform = { ...cloud, architectures: { members: "amd64", arm: "arm64" } };
const [a, b] = ["a".repeat(64), "b".repeat(64)];
const url = "https://example.com/fleet.tar";
const releases = {
    etcd: "https://github.com/etcd-io/etcd/releases/download/v3.5.33/etcd-v3.5.33-linux-",
    fleet: "https://github.com/coreos/fleet/releases/download/v1.0.0/fleet-v1.0.0-linux-",
};
const sums = {
    amd64: "5025b5b24d81a9616b6e284ccd439b9a3df055ef8fdcdc142af3ec8f6a3b3c95",
    arm64: "0764c5c0acef155f4bfa0487791cc5776adef66315bf16ec0653883bfd463a90",
};

test("an image that has the programs is asked to fetch nothing", () => {
    const none = { archives: {}, problems: [] };
    assert.deepEqual(planBinaries(shape, "image", cloud), none);
    assert.deepEqual(planBinaries(shape, undefined, { ...cloud, hasBinaries: true }), none);
    const etcdLess = { name: "d", workers: { web: { count: 1 } }, etcd: false };
    assert.deepEqual(planBinaries(etcdLess, undefined, cloud), none);
});

test("etcd is the official release by its published sum, fleet what is pinned; each for its own group", () => {
    const { archives, problems } = planBinaries(shape, { fleet: { sha256: a } }, cloud);
    assert.deepEqual(problems, []);
    const etcd = { url: `${releases.etcd}amd64.tar.gz`, sha256: sums.amd64 };
    const fleet = { url: `${releases.fleet}amd64.tar.gz`, sha256: a };
    assert.deepEqual(archives, {
        members: { etcd, fleet },
        arm: { etcd, fleet },
        db: { etcd },
    });
});

test("a machine fetches even where its image has the programs, if it is told to", () => {
    const { archives } = planBinaries(
        shape,
        { fleet: { sha256: a } },
        { ...cloud, hasBinaries: true },
    );
    assert.equal(archives["members"]?.fleet?.sha256, a);
});

test("each group has the programs for its processor", () => {
    const choice = {
        fleet: { amd64: { url, sha256: a }, arm64: { url: `${url}.arm`, sha256: b } },
    };
    const { archives, problems } = planBinaries(shape, choice, mixed);
    assert.deepEqual(problems, []);
    assert.deepEqual(archives["members"]?.fleet, { url, sha256: a });
    assert.deepEqual(archives["arm"], {
        etcd: { url: `${releases.etcd}arm64.tar.gz`, sha256: sums.arm64 },
        fleet: { url: `${url}.arm`, sha256: b },
    });
});

test("a mirror has the releases under their own names", () => {
    const choice = { mirror: "http://10.0.0.9:8080/coreos/", fleet: { sha256: a } };
    assert.deepEqual(planBinaries(shape, choice, cloud).archives["members"], {
        etcd: {
            url: "http://10.0.0.9:8080/coreos/etcd-v3.5.33-linux-amd64.tar.gz",
            sha256: sums.amd64,
        },
        fleet: { url: "http://10.0.0.9:8080/coreos/fleet-v1.0.0-linux-amd64.tar.gz", sha256: a },
    });
});

const published =
    "no sum was ever published for fleet's release; name an archive by `url` and `sha256`";
const wrong: [string, unknown, RegExp[], BinariesPlatform?][] = [
    [
        "no fleet",
        undefined,
        [
            new RegExp(
                `^binaries.fleet: got nothing; the members on cloud \\(amd64\\) .*${published}`,
            ),
        ],
    ],
    ["a word", "none", [/^binaries: got "none"; must be "image", or `\{ etcd, fleet \}`/]],
    ["null", null, [/^binaries: got null; must be "image"/]],
    [
        "one archive for two processors",
        { fleet: { url, sha256: a } },
        [
            /^binaries.fleet.amd64: got nothing/,
            /^binaries.fleet.arm64: .* the group "arm" on cloud \(arm64\)/,
        ],
        mixed,
    ],
    [
        "fleet's release for ARM, which there is none of",
        { fleet: { amd64: { sha256: a }, arm64: { sha256: b } } },
        [/^binaries.fleet.arm64.url: got nothing; must be an http or https URL/],
        mixed,
    ],
    [
        "everything at once",
        {
            mirror: "ftp://mirror",
            etcd: { url: "https://example.com/a b", sha256: a.slice(1) },
            fleet: { url: "fleet.tar.gz" },
        },
        [
            /^binaries.mirror: got "ftp:\/\/mirror"; must be an http or https URL/,
            /^binaries.etcd.url: got "https:\/\/example.com\/a b"; must be .* without spaces/,
            /^binaries.etcd.sha256: got "a{63}"; must be the archive's SHA-256, in 64 hexadecimal digits$/,
            /^binaries.fleet.url: got "fleet.tar.gz"/,
            /^binaries.fleet.sha256: got nothing/,
        ],
    ],
    [
        "a password",
        { fleet: { url: "https://me:secret@example.com/fleet.tar", sha256: a } },
        [/^binaries.fleet.url: must not hold a password/],
    ],
];

for (const [what, choice, expected, platform = cloud] of wrong) {
    test(`refused: ${what}`, () => {
        const { problems } = planBinaries(shape, choice as BinariesChoice, platform);
        const texts = problems.map(formatProblem);
        assert.equal(texts.length, expected.length, texts.join("\n"));
        for (const [index, pattern] of expected.entries()) {
            assert.match(texts[index] ?? "", pattern);
        }
    });
}

test("what is not known yet is not looked at", () => {
    const later = { fleet: { url: "<url>", sha256: "<sum>" } };
    const { archives, problems } = planBinaries(shape, later, cloud, new Set(["<url>", "<sum>"]));
    assert.deepEqual(problems, []);
    assert.deepEqual(archives["members"]?.fleet, { url: "<url>", sha256: "<sum>" });
    assert.equal(planBinaries(shape, later, cloud).problems.length, 2);
});
