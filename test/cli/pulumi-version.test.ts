import assert from "node:assert/strict";
import { it } from "node:test";
import { isRecentEnough } from "../../lib/cli/pulumi-version.js";

const cases: [string, boolean][] = [
    ["3.238.0", true],
    ["v3.238.0", true],
    ["3.238.1", true],
    ["3.239.0-alpha.x1234567", true],
    ["3.1000.0", true],
    ["3.259.0+dirty", true],
    ["3.237.9", false],
    ["3.99.99", false],
    ["2.999.0", false],
    ["4.0.0", false],
    ["", false],
    ["3.238", false],
    ["warning: a new version is available\n3.259.0", false],
];
for (const [version, expected] of cases) {
    it(`${JSON.stringify(version)} is ${expected ? "" : "not "}recent enough`, () => {
        assert.equal(isRecentEnough(version, "3.238.0"), expected);
    });
}
