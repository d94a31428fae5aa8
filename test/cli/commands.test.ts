import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { program } from "../../lib/cli/main.js";
import { ended, install, makeProject, start } from "./fake-pulumi.js";

let root: string;
before(() => {
    root = mkdtempSync(join(tmpdir(), "commands-"));
    makeProject(root);
});
after(() => rmSync(root, { recursive: true }));

const run = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
    ended(start(root, args, environment));

describe("pulumi", () => {
    const cases: [string[], string[], string?][] = [
        [
            ["up", "--yes", "--stack", "other"],
            ["up", "--yes", "--stack", "other"],
        ],
        [
            ["--", "stack", "ls", "-j"],
            ["stack", "ls", "-j"],
        ],
        [["--stack", "dev", "stack", "--help"], ["stack", "--help"], "dev"],
        [
            ["--non-interactive", "about"],
            ["--non-interactive", "about"],
        ],
        [
            ["config", "set", "a", "b c", "--", "-x"],
            ["config", "set", "a", "b c", "--", "-x"],
        ],
    ];
    for (const [given, received, stack = "local"] of cases) {
        it(`hands on ${given.join(" ")}`, async () => {
            const { stdout, stderr, code } = await run(["pulumi", ...given]);
            const expected = [`stack=${stack}`, ...received.map((argument) => `[${argument}]`)];
            assert.deepEqual([stdout.trim().split("\n"), stderr, code], [expected, "", 0]);
        });
    }

    it("ends with Pulumi's own exit code", async () => {
        assert.equal((await run(["pulumi", "up"], { FAKE_EXIT: "7" })).code, 7);
    });

    it("passes an interrupt on once, and waits for the end", async () => {
        const child = start(root, ["pulumi", "wait"]);
        child.stdout?.once("data", () => {
            child.kill("SIGINT");
            child.kill("SIGINT");
        });
        const { stdout, code } = await ended(child);
        assert.deepEqual([stdout, code], ["waiting\ninterrupts 1\n", 130]);
    });

    it("is not run when too old; without Go that is the end, in one sentence", async () => {
        const { stdout, stderr, code } = await run(["pulumi", "up"], { FAKE_VERSION: "3.100.0" });
        assert.deepEqual([stdout, code], ["", 1]);
        assert.match(stderr, /pulumi is not used: it is 3\.100\.0, 3\.\d+\.0 is needed\.\n/);
        assert.match(stderr, /\nGo is missing: install Go [\d.]+ or newer [^\n]*\n$/);
    });

    it("is not run where its language host is missing", async () => {
        rmSync(join(root, "pulumi-language-nodejs"));
        const { stderr, code } = await run(["pulumi", "up"]);
        install(root, "pulumi-language-nodejs", "");
        assert.equal(code, 1);
        assert.match(stderr, /pulumi-language-nodejs is missing beside it\./);
    });
});

it("preview asks for the diff and hands on further arguments", async () => {
    const { stdout } = await run(["preview", "--stack", "dev", "--target", "urn", "--json"]);
    const received = stdout.trim().split("\n").slice(-6);
    const expected = ["preview", "--diff", "--stack", "dev", "--target", "urn", "--json"];
    assert.deepEqual(
        received,
        expected.slice(-6).map((argument) => `[${argument}]`),
    );
});

describe("what is mistyped gets one sentence and exit code 1", () => {
    const cases: [string[], RegExp][] = [
        [["strat"], /^error: unknown command 'strat'\n\(Did you mean start\?\)\n$/],
        [["start", "--no-instal"], /^error: unknown option '--no-instal'/],
        [["status", "--stack", "a b"], /^error: .*A stack's name has letters/],
        [["logs"], /^error: missing required argument 'unit'\n$/],
        [["logs", "x", "-n", "many"], /^error: .*It takes a number of lines\.\n$/],
        [["status", "--watch", "0"], /^error: .*It takes seconds/],
    ];
    for (const [args, message] of cases) {
        it(args.join(" "), async () => {
            const { stdout, stderr, code } = await run(args);
            assert.deepEqual([stdout, code], ["", 1]);
            assert.match(stderr, message);
        });
    }
});

it("every command describes itself and its options", () => {
    for (const command of program().commands) {
        assert.notEqual(command.description(), "", command.name());
        const names = command.options.map(({ long }) => long);
        const stackless = ["test", "bench"].includes(command.name());
        assert.equal(names.includes("--stack"), !stackless, command.name());
    }
    const { scripts } = JSON.parse(
        readFileSync(join(__dirname, "..", "..", "..", "package.json"), "utf8"),
    );
    const known = program().commands.map((command) => command.name());
    const called = Object.values(scripts).flatMap((script) =>
        String(script).match(/(?<=pulumi-coreos\.mjs )\w+/g),
    );
    assert.deepEqual(called.filter((name) => name !== null).sort(), known.sort());
});
