import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import fc from "fast-check";
import { escapeName, escapePath, unescapeName } from "../../lib/systemd/index.js";

/** Obtained from systemd-escape 252. */
const names: readonly [text: string, escaped: string][] = [
    ["", ""],
    ["Hallöchen, Meister", "Hall\\xc3\\xb6chen\\x2c\\x20Meister"],
    [".hidden", "\\x2ehidden"],
    ["a.b", "a.b"],
    ["a-b", "a\\x2db"],
    ["a/b", "a-b"],
    ["/a/b/", "-a-b-"],
    ["a\\b", "a\\x5cb"],
    ["a:b_c", "a:b_c"],
    ["@x", "\\x40x"],
    ["%i", "\\x25i"],
    ["//", "--"],
    ["..", "\\x2e."],
    ["€", "\\xe2\\x82\\xac"],
    ["a\nb", "a\\x0ab"],
    ["/.x", "-.x"],
];

/** Obtained from systemd-escape --path. */
const paths: readonly [path: string, escaped: string][] = [
    ["", "-"],
    ["/", "-"],
    ["///", "-"],
    ["/.", "-"],
    ["/a//b/", "a-b"],
    ["a/b", "a-b"],
    ["./a", "a"],
    ["a/.", "a"],
    ["/a/./b", "a-b"],
    ["/.x", "\\x2ex"],
    ["/a/.b", "a-.b"],
    ["/...", "\\x2e.."],
    ["/dev/disk/by-id", "dev-disk-by\\x2did"],
    [" a", "\\x20a"],
];

for (const [text, escaped] of names) {
    test(`escapes ${JSON.stringify(text)}`, () => {
        assert.equal(escapeName(text), escaped);
        assert.equal(unescapeName(escaped), text);
    });
}

for (const [path, escaped] of paths) {
    test(`escapes the path ${JSON.stringify(path)}`, () => {
        assert.equal(escapePath(path), escaped);
    });
}

for (const path of ["..", "/a/../b", "a/..", ".", "./", "./."]) {
    test(`refuses the path ${JSON.stringify(path)}`, () => {
        assert.throws(() => escapePath(path), /can't be made a unit's name/);
    });
}

for (const text of ["a\\x", "a\\xzz", "\\x2", "a\\nb", "\\", "\\xff"]) {
    test(`does not unescape ${JSON.stringify(text)}`, () => {
        assert.throws(() => unescapeName(text), /can't be unescaped/);
    });
}

test("unescaping undoes escaping", () => {
    fc.assert(
        fc.property(fc.string({ unit: "grapheme" }), (text) => {
            assert.equal(unescapeName(escapeName(text)), text);
        }),
    );
});

const present = spawnSync("systemd-escape", ["--version"]).status === 0;

test("escapes whatever systemd-escape escapes as it does", { skip: !present }, () => {
    const unit = fc.oneof(
        fc.constantFrom(..."/.-\\@ %:_aZ9"),
        fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    );
    const texts = fc.sample(fc.string({ unit, minLength: 1 }), 300).filter(isArgument);
    assert.deepEqual(texts.map(escapeName), systemdEscape(texts));
    const components = texts
        .map((text) => `/${text}`)
        .filter((path) => !/(^|\/)\.\.(\/|$)/.test(path));
    assert.deepEqual(components.map(escapePath), systemdEscape(components, "--path"));
});

function isArgument(text: string): boolean {
    return !text.includes("\0");
}

function systemdEscape(texts: readonly string[], ...options: string[]): string[] {
    const { stdout, stderr } = spawnSync("systemd-escape", [...options, "--", ...texts], {
        encoding: "utf8",
    });
    assert.equal(stderr, "");
    return stdout.trimEnd().split(" ");
}
