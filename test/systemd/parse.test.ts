import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseUnit, renderUnit, type UnitDocument } from "../../lib/systemd/index.js";
import { unit } from "./arbitraries.js";

const table: readonly [what: string, text: string, unit: UnitDocument][] = [
    ["nothing", "\n# only a comment\n", {}],
    ["blanks around names and values", " [Unit] \n  A = b c  \n", { Unit: { A: "b c" } }],
    ["both kinds of comments", "#a\n[Unit]\n;b\n  # c\nA=b # c\n", { Unit: { A: "b # c" } }],
    [
        "CRLF",
        "[Unit]\r\nA=b\r\n\r\n[Service]\r\nC=d\r\n",
        { Unit: { A: "b" }, Service: { C: "d" } },
    ],
    ["a byte order mark", "\uFEFF[Unit]\nA=b", { Unit: { A: "b" } }],
    ["a repeated directive", "[S]\nA=1\nB=2\nA=3\n", { S: { A: ["1", "3"], B: "2" } }],
    [
        "a repeated section",
        "[S]\nA=1\n[T]\nB=2\n[S]\nA=3\n",
        { S: { A: ["1", "3"] }, T: { B: "2" } },
    ],
    ["the empty assignment", "[S]\nA=\nA=/bin/a\n", { S: { A: ["", "/bin/a"] } }],
    ["further equal signs", "[S]\nA=b=c=\n", { S: { A: "b=c=" } }],
    [
        "a continuation",
        "[S]\nA=one\\\n   two \\\nthree\nB=4\n",
        { S: { A: "one    two  three", B: "4" } },
    ],
    [
        "comments in a continuation",
        "[S]\nA=one \\\n# no\n ; no \\\n two\n",
        { S: { A: "one   two" } },
    ],
    [
        "a continuation that a blank line ends",
        "[S]\nA=one \\\n\nB=2\n",
        { S: { A: "one", B: "2" } },
    ],
    ["a continuation with CRLF", "[S]\r\nA=one \\\r\n two\r\n", { S: { A: "one   two" } }],
    ["a backslash at the end of the file", "[S]\nA=one \\", { S: { A: "one" } }],
    ["an escaped backslash at the end", "[S]\nA=one\\\\\nB=2\n", { S: { A: "one\\\\", B: "2" } }],
    ["what stands before a section", "A=1\nnonsense\n[S]\nB=2\n", { S: { B: "2" } }],
    ["a section without directives", "[Unit]\n[S]\nB=2\n", { S: { B: "2" } }],
    ["a line that begins with a bracket in a value", "[S]\nA=[x]\n", { S: { A: "[x]" } }],
];

for (const [what, text, document] of table) {
    test(`parses ${what}`, () => {
        assert.deepEqual(parseUnit(text), document);
    });
}

const nonsense: readonly [text: string, message: RegExp][] = [
    ["[Unit]\nA=b\nwords\n", /^Line 3 .*not an assignment: got "words"/],
    ["[Unit]\r\n\r\n=b\r\n", /^Line 3 .*not an assignment: got "=b"/],
    ["[Unit\nA=b\n", /^Line 1 .*not a section header: got "\[Unit"/],
    ["\n[Unit] x\n", /^Line 2 .*not a section header/],
    ["[]\n", /^Line 1 .*not a section header/],
    ["[S]\nA=b \\\n c\n\n# d\nwords \\\nmore\n", /^Line 6 .*not an assignment: got "words/],
];

for (const [text, message] of nonsense) {
    test(`refuses ${JSON.stringify(text)}`, () => {
        assert.throws(() => parseUnit(text), { message });
    });
}

test("parsing what was rendered gives the same unit, as texts", () => {
    fc.assert(
        fc.property(unit, (document) => {
            assert.deepEqual(parseUnit(renderUnit(document)), asTexts(document));
        }),
    );
});

test("rendering and parsing again changes nothing", () => {
    fc.assert(
        fc.property(unit, (document) => {
            const text = renderUnit(document);
            assert.equal(renderUnit(parseUnit(text)), text);
        }),
    );
});

/** What a unit looks like without types, empty lists and empty sections. */
function asTexts(document: UnitDocument): UnitDocument {
    const sections = Object.entries(document).map(([name, section]) => {
        const directives = Object.entries(section ?? {}).flatMap(([directive, value]) => {
            if (value === undefined) {
                return [];
            }
            const values = [value].flat().map(String);
            return values.length === 0
                ? []
                : [[directive, values.length === 1 ? String(values[0]) : values] as const];
        });
        return [name, Object.fromEntries(directives)] as const;
    });
    return Object.fromEntries(sections.filter(([, section]) => Object.keys(section).length > 0));
}
