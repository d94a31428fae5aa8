import assert from "node:assert/strict";
import { test } from "node:test";
import { checkSettings } from "../../../lib/plan/service/index.js";
import { parseUnit } from "../../../lib/systemd/index.js";
import { expanded, textOf } from "./support/expanded.js";

test("a check that is made once adds no unit", () => {
    const { units } = expanded({ check: { http: { port: 80 } } });
    assert.deepEqual(units, ["hello.service"]);
});

test("a periodic check is a unit beside each instance, which starts and stops with it", () => {
    const check = { http: { port: "80%i", path: "/up" }, every: 2, failures: 4, timeout: 1 };
    const { files, units } = expanded({ instances: 1, check });
    assert.deepEqual(units, ["hello@1.service", "hello-check@1.service"]);
    const main = parseUnit(files["hello@.service"] ?? "");
    assert.equal(main.Unit?.Wants, "hello-check@%i.service");
    const unit = parseUnit(files["hello-check@.service"] ?? "");
    assert.equal(unit.Unit?.BindsTo, "hello@%i.service");
    assert.equal(unit.Unit?.After, "hello@%i.service");
    assert.equal(unit["X-Fleet"]?.MachineOf, "hello@%i.service");
    assert.equal(
        unit.Service?.ExecStart,
        '/bin/bash -c "failed=0; while sleep 2; do if curl -sSf -o /dev/null --max-time 1 \\"$$1\\"; ' +
            'then failed=0; else failed=$$((failed + 1)); echo \\"$$0 did not answer, $$failed of 4\\"; fi; ' +
            'if [ $$failed -ge 4 ]; then systemctl kill --signal=SIGKILL \\"$$0\\"; failed=0; fi; done" ' +
            '"hello@%i.service" "http://127.0.0.1:80%i/up"',
    );
});

test("specifiers in a command are those of the main unit; all else is literal", () => {
    const command = "/opt/probe %p %n %N --tag '%H' \"$HOME\"";
    const text = textOf({ instances: 1, check: { command, every: 1 } }, "hello-check@.service");
    const line = /^ExecStart=.*$/m.exec(text)?.[0] ?? "";
    assert.ok(
        line.endsWith(` "/opt/probe hello hello@%i.service hello@%i --tag '%%H' \\"$$HOME\\""`),
        line,
    );
});

test("a global service is checked on every machine that runs it", () => {
    const unit = {
        Service: { ExecStart: "/x" },
        "X-Fleet": { Global: true, MachineMetadata: "role=web" },
    };
    const text = textOf({ unit, check: { tcp: { port: 1 }, every: 1 } }, "hello-check.service");
    const placed = parseUnit(text)["X-Fleet"];
    assert.deepEqual(placed, { MachineMetadata: "role=web", Global: "true" });
});

test("a check's settings have every default", () => {
    assert.deepEqual(checkSettings({ http: { port: 80 }, every: 1 }), {
        http: { port: "80", path: "/" },
        timeout: 5,
    });
    const full = { tcp: { port: "%i" }, command: "true", timeout: 2 };
    assert.deepEqual(checkSettings(full), full);
});

test("secrets are credentials of the main unit alone, and their version marks it", () => {
    const declared = {
        instances: 1,
        secrets: ["token"],
        units: { x: { Service: { ExecStart: "/x" } } },
    };
    const { files } = expanded(declared, { owner: "us", secrets: "v1" });
    const main = parseUnit(files["hello@.service"] ?? "");
    const path = "/var/lib/pulumi-coreos/secrets/hello/token";
    assert.equal(main.Service?.["LoadCredential"], `token:${path}`);
    assert.deepEqual(main["X-Pulumi"], { Owner: "us", Secrets: "v1" });
    const other = parseUnit(files["x@.service"] ?? "");
    assert.equal(other.Service?.["LoadCredential"], undefined);
    assert.deepEqual(other["X-Pulumi"], { Owner: "us" });
});

for (const [what, service, expected] of [
    ["says nothing", "ExecStart=/x", "Restart=always RestartSec=2 StartLimitIntervalSec=0"],
    [
        "is a oneshot",
        "Type=oneshot\nExecStart=/x",
        "Restart=on-failure RestartSec=2 StartLimitIntervalSec=0",
    ],
    [
        "has a rule",
        "ExecStart=/x\nRestart=on-failure",
        "Restart=on-failure RestartSec=2 StartLimitIntervalSec=0",
    ],
    ["wants none", "ExecStart=/x\nRestart=no", "Restart=no"],
] as const) {
    test(`a service with secrets that ${what} is tried until they are there`, () => {
        const text = textOf({ unit: `[Service]\n${service}\n`, secrets: ["token"] });
        const rules = text.split("\n").filter((line) => /^(Restart|StartLimit)/.test(line));
        assert.deepEqual(rules.sort().join(" "), expected);
    });
}
