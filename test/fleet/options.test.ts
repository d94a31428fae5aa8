import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromOptions, hashOptions, toOptions } from "../../lib/fleet/index.js";
import { parseUnit, renderUnit } from "../../lib/systemd/index.js";
import { unit } from "../systemd/arbitraries.js";

/** Obtained from fleet 1.0.0. */
const hashes: readonly [text: string, hash: string][] = [
    ["", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
    [
        "[Unit]\nDescription=Hello\n\n[Service]\nExecStart=/bin/true\n",
        "6abe518412ef0e18d1c6d81bfce33f496bd51dde",
    ],
    [
        "# greeting\n[Unit]\n\nDescription = Hello  \n[Service]\n; run\nExecStart=/bin/true",
        "6abe518412ef0e18d1c6d81bfce33f496bd51dde",
    ],
];

for (const [text, hash] of hashes) {
    test(`hashes ${JSON.stringify(text)}`, () => {
        assert.equal(hashOptions(toOptions(parseUnit(text))), hash);
    });
}

test("groups options of one section when it hashes", () => {
    const [a, b, c] = [
        { section: "Unit", name: "Description", value: "Hello" },
        { section: "Service", name: "ExecStart", value: "/bin/true" },
        { section: "Unit", name: "After", value: "x" },
    ];
    assert.equal(hashOptions([a, b, c]), hashOptions([a, c, b]));
    assert.notEqual(hashOptions([a, b, c]), hashOptions([c, b, a]));
});

test("lists options in the order of the rendered unit", () => {
    assert.deepEqual(
        toOptions({
            Service: { Environment: ["A=1", " B=2 "], RemainAfterExit: true, ExecStop: undefined },
            Unit: { Description: "x" },
        }),
        [
            { section: "Unit", name: "Description", value: "x" },
            { section: "Service", name: "Environment", value: "A=1" },
            { section: "Service", name: "Environment", value: "B=2" },
            { section: "Service", name: "RemainAfterExit", value: "true" },
        ],
    );
});

test("options and unit are two forms of the same", () => {
    fc.assert(
        fc.property(unit, (document) => {
            const options = toOptions(document);
            const back = fromOptions(options);
            assert.deepEqual(back, parseUnit(renderUnit(document)));
            assert.equal(renderUnit(back), renderUnit(document));
            assert.equal(hashOptions(toOptions(back)), hashOptions(options));
        }),
    );
});
