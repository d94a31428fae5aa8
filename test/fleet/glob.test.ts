import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compileGlob } from "../../lib/fleet/index.js";

/** As Go's path.Match answers; undefined where it says that the pattern is malformed. */
const table: readonly [glob: string, name: string, matches: boolean | undefined][] = [
    ["hello@*.service", "hello@1.service", true],
    ["hello@*.service", "hello@.service", true],
    ["hello@*.service", "hello.service", false],
    ["hello@*", "hello@1.service", true],
    ["*", "a/b", false],
    ["*", "", true],
    ["a?c", "abc", true],
    ["a?c", "a/c", false],
    ["a?c", "aé c", false],
    ["a.c", "abc", false],
    ["a[b-d]e", "ace", true],
    ["a[^b-d]e", "ace", false],
    ["a[^b-d]e", "a/e", true],
    ["a[!b]e", "abe", true],
    ["a[bé]e", "aée", true],
    ["[d-b]", "c", false],
    ["[^d-b]", "c", true],
    ["[a^]", "^", true],
    ["[\\]a]", "]", true],
    ["a\\*b", "a*b", true],
    ["a\\*b", "aab", false],
    ["$(+|{}", "$(+|{}", true],
    ["a]b", "a]b", true],
    ["dev-by\\x2did", "dev-by\\x2did", false],
    ["**a", "ba", true],
    ["[", "[", undefined],
    ["[]", "]", undefined],
    ["[]a]", "a", undefined],
    ["[^]", "^", undefined],
    ["[-a]", "a", undefined],
    ["[a-]", "a", undefined],
    ["a\\", "a\\", undefined],
];

for (const [glob, name, matches] of table) {
    test(`${glob} and ${name}`, () => {
        assert.equal(compileGlob(glob)?.test(name), matches);
    });
}

test("a glob without special characters matches itself alone", () => {
    const text = fc.string({ unit: "grapheme" }).filter((each) => !/[*?[\\]/.test(each));
    fc.assert(
        fc.property(text, text, (glob, name) => {
            assert.equal(compileGlob(glob)?.test(glob), true);
            assert.equal(compileGlob(glob)?.test(name), glob === name);
        }),
    );
});

test("many stars take no longer than a few", () => {
    assert.equal(compileGlob("*a".repeat(40))?.test("a".repeat(250)), true);
    assert.equal(compileGlob("*a".repeat(40))?.test(`${"a".repeat(250)}b`), false);
});
