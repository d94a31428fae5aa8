import assert from "node:assert/strict";
import { test } from "node:test";
import {
    formatProblem,
    given,
    InvalidArgumentsError,
    rejectErrors,
    under,
    warningsOf,
} from "../lib/problem.js";

for (const [value, text] of [
    ["a", '"a"'],
    ["", '""'],
    ['a\nb"c', '"a\\nb\\"c"'],
    [3, "3"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
    [false, "false"],
    [null, "null"],
    [undefined, "nothing"],
    [{ a: [1] }, '{"a":[1]}'],
    ["x".repeat(100), `"${"x".repeat(76)}…`],
    ["x".repeat(78), `"${"x".repeat(78)}"`],
] as const) {
    test(`given ${text.slice(0, 20)}`, () => {
        assert.equal(given(value), text);
        assert.ok(given(value).length <= 80);
    });
}

test("a problem is one line: where, what was given, what is allowed", () => {
    assert.equal(
        formatProblem({ path: "a", given: "1", allowed: "must be 2" }),
        "a: got 1; must be 2",
    );
    assert.equal(formatProblem({ path: "a", allowed: "is needed" }), "a: is needed");
});

test("paths go under a prefix, an index without a dot", () => {
    const problems = [
        { path: "a.b", allowed: "x" },
        { path: "[0]", allowed: "x" },
    ];
    assert.deepEqual(
        under("p", problems).map(({ path }) => path),
        ["p.a.b", "p[0]"],
    );
});

test("an error lists every error and no warning; warnings alone are let through", () => {
    const warning = { path: "w", allowed: "odd is better", severity: "warning" } as const;
    const errors = [
        { path: "a", given: "1", allowed: "must be 2" },
        { path: "b", allowed: "is needed" },
    ];
    assert.doesNotThrow(() => rejectErrors('Cluster "demo"', [warning]));
    assert.throws(
        () => rejectErrors('Cluster "demo"', [warning, ...errors]),
        (error) => {
            assert.ok(error instanceof InvalidArgumentsError);
            const text =
                'Cluster "demo" can\'t be made:\n  - a: got 1; must be 2\n  - b: is needed';
            assert.equal(error.message, text);
            assert.deepEqual(warningsOf(error.problems), [warning]);
            return true;
        },
    );
});
