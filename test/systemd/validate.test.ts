import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatProblem } from "../../lib/problem.js";
import {
    parseUnit,
    parseUnitName,
    renderUnit,
    type UnitDocument,
    validateDirectives,
    validateUnit,
} from "../../lib/systemd/index.js";
import { unit } from "./arbitraries.js";

const start = "/bin/true";

const names: readonly [name: string, problem: RegExp | undefined][] = [
    ["hello.service", undefined],
    ["hello@.service", undefined],
    ["hello@1.service", undefined],
    ["a@b@c.service", undefined],
    ["dev-disk-by\\x2did.mount", undefined],
    ["a.b.timer", undefined],
    [`${"a".repeat(247)}.service`, undefined],
    [`${"a".repeat(248)}.service`, /at most 255 characters, not 256/],
    ["hello", /must end in one of \.service, \.socket/],
    ["hello.Service", /must end in one of/],
    ["hello.busname", /must end in one of/],
    [".service", /at least one character/],
    ["@.service", /at least one character/],
    ["@1.service", /at least one character/],
    ["a b.service", /not " "/],
    ["a/b.service", /not "\/"/],
    ["a%i.service", /not "%"/],
    ["größe.service", /not "ö"/],
];

for (const [name, problem] of names) {
    test(`judges the name ${name.slice(0, 30)}`, () => {
        const texts = validateUnit(name, { Service: { ExecStart: start } }).map(formatProblem);
        assert.deepEqual(texts.length, problem === undefined ? 0 : 1, texts.join());
        assert.match(texts.join(), problem ?? /^$/);
        assert.match(texts.join(), problem === undefined ? /^$/ : /^name: got /);
    });
}

test("takes names apart", () => {
    assert.deepEqual(
        ["a.service", "a@.service", "a@1.service", "a@b@c.d.timer"].map(parseUnitName),
        [
            { prefix: "a", suffix: ".service", isTemplate: false },
            { prefix: "a", suffix: ".service", isTemplate: true },
            { prefix: "a", instance: "1", suffix: ".service", isTemplate: false },
            { prefix: "a", instance: "b@c.d", suffix: ".timer", isTemplate: false },
        ],
    );
    assert.throws(() => parseUnitName("a"), /no unit name/);
});

const valid: readonly UnitDocument["Service"][] = [
    { ExecStart: start },
    { ExecStart: ["", start] },
    { ExecStart: "true" },
    { ExecStart: "-@:+/bin/sh sh -c 'a b'" },
    { ExecStart: "!!/bin/true" },
    { ExecStart: "'-/bin/true' x" },
    { ExecStart: "%h/bin/true" },
    { ExecStart: '/bin/echo "a ; b" \\; "it\'s" \\" x"y"' },
    { ExecStart: "/bin/true ;" },
    { ExecStart: [start, start], Type: "oneshot", Restart: "on-failure" },
    { ExecStart: "/bin/a ; /bin/b", Type: "oneshot" },
    { ExecStop: start, RemainAfterExit: true },
    { ExecStop: start, RemainAfterExit: "yes", Type: "oneshot" },
    { ExecStart: start, Type: "dbus", BusName: "org.example" },
    { ExecStart: "/bin/echo a \\\n  b" },
    { ExecStart: "/bin/echo a\\\\ b" },
    { ExecStart: start, Restart: "always", KillMode: "mixed", Type: "notify-reload" },
];

for (const service of valid) {
    test(`accepts ${JSON.stringify(service)}`, () => {
        assert.deepEqual(validateUnit("a.service", { Service: service }), []);
    });
}

const invalid: readonly [section: UnitDocument[string], problem: RegExp][] = [
    [{}, /^Service\.ExecStart: a service needs ExecStart/],
    [{ ExecStart: "" }, /^Service\.ExecStart: a service needs ExecStart/],
    [{ ExecStart: [start, ""] }, /needs ExecStart/],
    [{ ExecStart: [] }, /needs ExecStart/],
    [{ ExecStop: start }, /needs ExecStart/],
    [{ Type: "oneshot", ExecStop: start }, /needs ExecStart/],
    [{ Type: "oneshot", RemainAfterExit: true }, /needs ExecStart/],
    [{ Type: "simple", ExecStop: start, RemainAfterExit: true }, /got nothing, with Type=simple/],
    [{ ExecStart: [start, start] }, /^Service\.ExecStart: got 2 commands; .*oneshot only/],
    [{ ExecStart: "/bin/a ; /bin/b" }, /^Service\.ExecStart: got 2 commands/],
    [{ ExecStart: start, Type: "oneshot", Restart: "always" }, /^Service\.Restart: got "always"/],
    [{ ExecStart: start, Type: "dbus" }, /^Service\.BusName: /],
    [
        { ExecStart: "bin/true" },
        /^Service\.ExecStart: .*absolute path or a bare name, not "bin\/true"/,
    ],
    [{ ExecStart: start, ExecStop: ["/a", "./b"] }, /^Service\.ExecStop\[1\]: .*not "\.\/b"/],
    [{ ExecStart: "/bin/a ; b/c", Type: "oneshot" }, /not "b\/c"/],
    [{ ExecStart: "$SHELL x" }, /not "\$SHELL"/],
    [{ ExecStart: "%%h/true" }, /not "%%h\/true"/],
    [{ ExecStart: "--/bin/true" }, /not "-\/bin\/true"/],
    [{ ExecStart: "- /bin/true" }, /not ""/],
    [{ ExecStart: "/bin/" }, /not "\/bin\/"/],
    [{ ExecStart: "/bin/true 'x" }, /^Service\.ExecStart: .*every quote must be closed/],
    [{ ExecStart: '/bin/true x"y z' }, /every quote must be closed/],
    [
        { ExecStart: start, Restart: "Always" },
        /^Service\.Restart: got "Always"; one of no, always, on-/,
    ],
    [{ ExecStart: start, Restart: "yes" }, /one of no, always/],
    [{ ExecStart: start, Type: "daemon" }, /^Service\.Type: got "daemon"; one of simple, exec/],
    [{ ExecStart: start, KillMode: "all" }, /^Service\.KillMode: .*one of control-group, mixed/],
    [
        { ExecStart: start, Environment: ["A=1", "B=\n2"] },
        /^Service\.Environment\[1\]: .*is one line/,
    ],
    [{ ExecStart: "/bin/a\r\n/bin/b" }, /is one line/],
    [{ ExecStart: "/bin/a \\" }, /backslash at the end/],
    [{ ExecStart: "/bin/a \\\n# b\n" }, /neither blank nor a comment/],
    [{ ExecStart: "/bin/a \\\n\\\n b" }, /neither blank nor a comment/],
    [{ ExecStart: start, "A=B": 1 }, /^Service\.A=B: got "A=B"; a directive's name takes/],
    [{ ExecStart: start, "#A": 1 }, /a directive's name takes/],
    [{ ExecStart: start, RestartSec: Number.NaN }, /^Service\.RestartSec: .*a finite number/],
];

for (const [section, problem] of invalid) {
    test(`refuses ${JSON.stringify(section)}`, () => {
        const problems = validateUnit("a.service", parsedAs(section));
        assert.deepEqual(
            problems.map((each) => each.severity ?? "error"),
            ["error"],
            JSON.stringify(problems),
        );
        assert.match(problems.map(formatProblem).join(), problem);
    });
}

test("only services need an ExecStart", () => {
    assert.deepEqual(validateUnit("a.socket", { Socket: { ListenStream: 80 } }), []);
    assert.deepEqual(validateUnit("a.target", {}), []);
    assert.deepEqual(validateDirectives({ Service: { Restart: "always" } }), []);
});

test("names malformed and unknown sections", () => {
    const texts = (unit: UnitDocument) =>
        validateDirectives(unit).map(
            (each) => `${each.severity ?? "error"} ${formatProblem(each)}`,
        );
    assert.match(texts({ "A]B": { C: 1 } }).join(), /^error A\]B: got "A\]B"; a section's name/);
    assert.match(texts({ Sevice: { C: 1 } }).join(), /^warning Sevice: systemd knows no section/);
    assert.match(
        texts({ Service: { execStart: "/a" } }).join(),
        /^warning Service\.execStart: .*capital/,
    );
    assert.deepEqual(texts({ "X-Pulumi": { Cluster: "demo", owner: "x" } }), []);
});

const lengths: readonly [value: string, bytes: number | undefined][] = [
    ["x".repeat(2048 - "Description=\n".length), undefined],
    ["x".repeat(2049 - "Description=\n".length), 2049],
    ["é".repeat(1018), 2049],
    [`${"x".repeat(1500)} \\\n${"x".repeat(1500)}`, undefined],
    [`x \\\n${"x".repeat(2048)}`, 2049],
];

for (const [value, bytes] of lengths) {
    test(`counts the bytes of ${value.slice(0, 4)}… (${value.length})`, () => {
        const unit = { Unit: { Description: value } };
        const [problem, ...others] = validateDirectives(unit, { longLine: "error" });
        assert.deepEqual(others, []);
        assert.equal(problem?.path, bytes === undefined ? undefined : "Unit.Description");
        assert.match(
            problem?.allowed ?? "",
            bytes === undefined ? /^$/ : new RegExp(`not ${bytes};`),
        );
        assert.equal(
            validateDirectives(unit)[0]?.severity,
            bytes === undefined ? undefined : "warning",
        );
    });
}

test("what has no error keeps its directives through rendering and parsing", () => {
    const wild = fc.dictionary(
        fc.string({ unit: fc.constantFrom(..."AXé]=#; \n-"), maxLength: 3 }),
        fc.dictionary(
            fc.string({ unit: fc.constantFrom(..."AB=#;[\n "), maxLength: 3 }),
            fc.string({ unit: fc.constantFrom(..."a\\\n\r#;[= "), maxLength: 6 }),
        ),
        { maxKeys: 3 },
    );
    fc.assert(
        fc.property(fc.oneof(unit, wild), (document: UnitDocument) => {
            const errors = validateDirectives(document).filter(
                (each) => each.severity !== "warning",
            );
            fc.pre(errors.length === 0);
            assert.deepEqual(
                shape(parseUnit(renderUnit(document))),
                shape(document),
                renderUnit(document),
            );
        }),
        { numRuns: 300 },
    );
});

/** How many lines each directive has. */
function shape(document: UnitDocument): string[] {
    return Object.entries(document)
        .flatMap(([section, directives]) =>
            Object.entries(directives ?? {}).map(([name, value]): [string, number] => [
                `${section}.${name}`,
                value === undefined ? 0 : [value].flat().length,
            ]),
        )
        .filter(([, count]) => count > 0)
        .map(([name, count]) => `${name} ${count}`)
        .sort();
}

/** A `[Service]` section whose words the compiler would refuse. */
function parsedAs(section: UnitDocument[string]): UnitDocument {
    const sections: Record<string, UnitDocument[string]> = { Service: section };
    return sections;
}
