import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { renderUnit, type UnitDocument } from "../../lib/systemd/index.js";
import { unit } from "./arbitraries.js";

const table: readonly [what: string, unit: UnitDocument, text: string][] = [
    ["nothing", {}, ""],
    ["an empty section", { Unit: {}, Service: { ExecStart: undefined } }, ""],
    [
        "[Unit] first, the others and their directives as given",
        {
            Service: { Restart: "always", ExecStart: "/bin/a" },
            Install: { WantedBy: "multi-user.target" },
            Unit: { Description: "a" },
        },
        "[Unit]\nDescription=a\n\n[Service]\nRestart=always\nExecStart=/bin/a\n\n[Install]\nWantedBy=multi-user.target\n",
    ],
    [
        "lists as repeated lines, with the reset among them",
        { Service: { ExecStart: ["", "/bin/a"], Environment: [], ExecStop: [] } },
        "[Service]\nExecStart=\nExecStart=/bin/a\n",
    ],
    [
        "numbers and booleans",
        { Service: { RestartSec: 5, RemainAfterExit: true }, "X-Fleet": { Global: false } },
        "[Service]\nRestartSec=5\nRemainAfterExit=true\n\n[X-Fleet]\nGlobal=false\n",
    ],
    ["blanks around a value", { Unit: { Description: "  a b\t" } }, "[Unit]\nDescription=a b\n"],
];

for (const [what, document, text] of table) {
    test(`renders ${what}`, () => {
        assert.equal(renderUnit(document), text);
    });
}

test("every rendered text is empty or ends in one newline, without two blank lines", () => {
    fc.assert(
        fc.property(unit, (document) => {
            const text = renderUnit(document);
            assert.match(text, /^$|[^\n]\n$/);
            assert.doesNotMatch(text, /\n\n\n|^\n/);
        }),
    );
});
