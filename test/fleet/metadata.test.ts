import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { renderMetadata, validateMetadata } from "../../lib/fleet/index.js";
import { formatProblem } from "../../lib/problem.js";

const wrong: readonly [metadata: Record<string, string>, problem: string][] = [
    [{ role: "" }, 'workers.web.metadata.role: got ""; a metadata value must not be empty'],
    [{ "": "web" }, 'workers.web.metadata: got ""; a metadata key must not be empty'],
    [
        { role: "a,b" },
        'workers.web.metadata.role: got "a,b"; a metadata value must not contain ","',
    ],
    [
        { role: "a=b" },
        'workers.web.metadata.role: got "a=b"; a metadata value must not contain "="',
    ],
    [{ "a=b": "c" }, 'workers.web.metadata: got "a=b"; a metadata key must not contain "="'],
    [
        { role: " web" },
        'workers.web.metadata.role: got " web"; a metadata value must not begin or end with a blank',
    ],
    [
        { role: "'web'" },
        `workers.web.metadata.role: got "'web'"; a metadata value must not contain "'"`,
    ],
    [{ r: 'a"' }, 'workers.web.metadata.r: got "a\\""; a metadata value must not contain "\\""'],
    [{ r: "a\nb" }, 'workers.web.metadata.r: got "a\\nb"; a metadata value must not contain "\\n"'],
];

for (const [metadata, problem] of wrong) {
    test(`refuses ${JSON.stringify(metadata)}`, () => {
        assert.deepEqual(validateMetadata(metadata, "workers.web.metadata").map(formatProblem), [
            problem,
        ]);
        assert.throws(
            () => renderMetadata(metadata),
            /fleet can't take .* as metadata; a metadata/,
        );
    });
}

test("renders metadata in the order given", () => {
    assert.equal(renderMetadata({}), "");
    assert.equal(renderMetadata({ role: "web", "zone.x": "a b" }), "role=web,zone.x=a b");
});

test("fleet reads accepted metadata back as it was", () => {
    const text = fc.string({
        unit: fc.constantFrom(...'abcdefgh.-_:/é =,"\n'),
        minLength: 1,
        maxLength: 3,
    });
    let accepted = 0;
    fc.assert(
        fc.property(
            fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true }),
            (metadata) => {
                fc.pre(validateMetadata(metadata, "metadata").length === 0);
                accepted += Object.keys(metadata).length;
                assert.deepEqual(readAsFleet(renderMetadata(metadata)), metadata);
            },
        ),
    );
    assert.ok(accepted > 0);
});

/** fleetd's own reading: pairs between commas, cut at the first `=`, both sides trimmed. */
function readAsFleet(text: string): Record<string, string> {
    const pairs = text.split(",").map((pair) => pair.split("=", 2).map((part) => part.trim()));
    return Object.fromEntries(pairs.filter((pair) => pair.length === 2));
}
