import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import {
    environment,
    escapeSpecifiers,
    parseUnit,
    quoteArgument,
    renderUnit,
} from "../../lib/systemd/index.js";

const table: readonly [text: string, argument: string][] = [
    ["--port=8080", "--port=8080"],
    ["/opt/bin/hello", "/opt/bin/hello"],
    ["größe", "größe"],
    ["", '""'],
    ["a b", '"a b"'],
    [";", '";"'],
    ["it's", `"it's"`],
    ['say "hi"', '"say \\"hi\\""'],
    ["a\\b", '"a\\\\b"'],
    ["a\nb\tc\rd", '"a\\nb\\tc\\rd"'],
    ["\u0001", '"\\x01"'],
    ["$HOME", "$$HOME"],
    ["${HOME} $$", '"$${HOME} $$$$"'],
    ["100%", "100%%"],
    ["%i", "%%i"],
    ["#", '"#"'],
];

for (const [text, argument] of table) {
    test(`quotes the argument ${JSON.stringify(text)}`, () => {
        assert.equal(quoteArgument(text), argument);
    });
}

test("refuses an argument with a NUL character", () => {
    assert.throws(() => quoteArgument("a\0b"), /NUL/);
});

test("escapes specifiers", () => {
    assert.equal(escapeSpecifiers("50% of %n"), "50%% of %%n");
});

test("writes assignments", () => {
    assert.deepEqual(environment({ A: "b c", PORT: 8080, DEBUG: true, Q: 'x"\\\n$HOME 5%' }), [
        '"A=b c"',
        '"PORT=8080"',
        '"DEBUG=true"',
        '"Q=x\\"\\\\\\n$HOME 5%%"',
    ]);
});

for (const name of ["", "1A", "A-B", "A B", "A=B", "é"]) {
    test(`refuses the variable name ${JSON.stringify(name)}`, () => {
        assert.throws(() => environment({ [name]: "x" }), /no name of an environment variable/);
    });
}

const text = fc.string({
    unit: fc.oneof(
        fc.constantFrom(..."\\\"'$%{} ;#@-\n\t\rn"),
        fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    ),
});
const argument = text.filter((value) => !value.includes("\0"));

test("a quoted argument stays one line through rendering and parsing", () => {
    fc.assert(
        fc.property(argument, (value) => {
            const ExecStart = `/bin/echo ${quoteArgument(value)}`;
            const unit = { Service: { ExecStart } };
            assert.deepEqual(parseUnit(renderUnit(unit)), unit);
        }),
    );
});

const present = spawnSync("systemd-analyze", ["--version"]).status === 0;

test("systemd reads arguments and assignments as they were given", { skip: !present }, (t) => {
    const unit = fc.constantFrom(..."\\\"'$%{} ;#@-\n\tnx0Zé€𣽇");
    const values = fc.sample(fc.string({ unit, maxLength: 12 }), 200);
    const directory = mkdtempSync(join(tmpdir(), "quote-"));
    t.after(() => rmSync(directory, { recursive: true }));
    const file = join(directory, "quoted.service");
    const variables = Object.fromEntries(values.map((value, index) => [`V${index}`, value]));
    writeFileSync(
        file,
        renderUnit({
            Service: {
                Type: "oneshot",
                ExecStart: values.map((value) => `/bin/echo ${quoteArgument(value)} end`),
                Environment: environment({ ...variables, LAST: "" }),
            },
        }),
    );
    const dump = spawnSync("systemd-analyze", ["--man=no", "verify", file], {
        encoding: "utf8",
        env: { ...process.env, SYSTEMD_LOG_LEVEL: "debug" },
    });
    if (!dump.stdout.includes("Unit quoted.service:")) {
        t.skip("systemd-analyze prints no dump here");
        return;
    }
    const block = dump.stdout.slice(dump.stdout.indexOf("-> Unit quoted.service:"));
    const commands = Array.from(
        block.matchAll(/Command Line: \/bin\/echo (.*) end$/gm),
        ([, word]) => unquote(word ?? ""),
    );
    assert.deepEqual(commands, values);
    const assignments = block
        .slice(block.indexOf("\t\tEnvironment: "), block.indexOf("\n\t\t-> ExecStart:"))
        .split(/^\t\tEnvironment: /m)
        .slice(1, values.length + 1)
        .map((entry) => entry.replace(/\n$/, ""));
    assert.deepEqual(
        assignments,
        values.map((value, index) => `V${index}=${value}`),
    );
});

/** The argument that systemd's dump of a command line shows; `$$` is only replaced at execution. */
function unquote(word: string): string {
    const inner = /^"(.*)"$/s.exec(word)?.[1] ?? word;
    const bytes = inner.split(/(\\[0-7]{3}|\\.)/s).map((piece, index) => {
        if (index % 2 === 0) {
            return Buffer.from(piece);
        }
        const octal = /^\\([0-7]{3})$/.exec(piece)?.[1];
        const named: Record<string, string> = { n: "\n", t: "\t", r: "\r" };
        const letter = piece.slice(1);
        return octal === undefined
            ? Buffer.from(named[letter] ?? letter)
            : Buffer.from([Number.parseInt(octal, 8)]);
    });
    return Buffer.concat(bytes).toString("utf8").replaceAll("$$", "$");
}
