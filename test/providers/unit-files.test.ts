import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { Unit } from "../../lib/cloud-config/index.js";
import {
    type FileContent,
    isChanged,
    parseFiles,
    planUnitFiles,
    readScript,
    type UnitFiles,
    writeScript,
} from "../../lib/providers/unit-files.js";

const addresses = { private_ipv4: "10.0.0.1" };
const web = { name: "web.service", command: "start", content: "on $private_ipv4\n" } as const;
const at = "/etc/systemd/system/web.service";

function filesOf(before: readonly Unit[], units: readonly Unit[]): Record<string, UnitFiles> {
    const plans = planUnitFiles(before, units, addresses);
    return Object.fromEntries(plans.map(({ name, files }) => [name, files]));
}

test("a unit's files stand where the agent puts them, with the machine's addresses", () => {
    const units = [
        web,
        { name: "run.timer", runtime: true, content: "x\n" },
        { name: "sshd.service", drop_ins: [{ name: "10-x.conf", content: "y\n" }] },
        { name: "off.service", mask: true },
        { name: "docker.service", command: "start" },
        { name: "10-static.network", content: "z\n" },
    ] as const;
    assert.deepEqual(filesOf([], units), {
        "web.service": { [at]: { text: "on 10.0.0.1\n" } },
        "run.timer": { "/run/systemd/system/run.timer": { text: "x\n" } },
        "sshd.service": { "/etc/systemd/system/sshd.service.d/10-x.conf": { text: "y\n" } },
        "off.service": { "/etc/systemd/system/off.service": "masked" },
        "docker.service": {},
    });
});

test("what only the old units had is to be absent", () => {
    const dropIn = { name: "10-x.conf", content: "y\n" };
    const before = [
        { ...web, drop_ins: [dropIn] },
        { name: "old.service", content: "x\n" },
    ];
    assert.deepEqual(filesOf(before, [web]), {
        "web.service": { [at]: { text: "on 10.0.0.1\n" }, [`${at}.d/10-x.conf`]: "absent" },
        "old.service": { "/etc/systemd/system/old.service": "absent" },
    });
});

test("a unit is changed where its files differ, or another command is given", () => {
    const same = { [at]: { text: "on 10.0.0.1\n" } };
    const changed = (standing: UnitFiles, before: typeof web | undefined, command = "start") => {
        const unit = { ...web, command: command === "stop" ? "stop" : "start" } as const;
        const [plan] = planUnitFiles(before === undefined ? [] : [before], [unit], addresses);
        assert.ok(plan);
        return isChanged(plan, standing, true);
    };
    assert.equal(changed(same, web), false);
    assert.equal(changed(same, undefined), false);
    assert.equal(changed({ [at]: { text: "on 10.0.0.2\n" } }, web), true);
    assert.equal(changed({}, web), true);
    assert.equal(changed(same, web, "stop"), true);
});

test("what is written is what is read, and the mark of nothing is nothing", () => {
    const folder = mkdtempSync(join(tmpdir(), "unit-files-"));
    const shell = (script: string): string =>
        execFileSync("sh", ["-s"], { input: script, encoding: "utf8" });
    const content: fc.Arbitrary<FileContent> = fc.oneof(
        fc.constantFrom("masked" as const, "absent" as const),
        fc.string({ unit: "binary" }).map((text) => ({ text })),
    );
    const name = fc.constantFrom("a.service", "a.service.d/1.conf", "it's $(b)@1.service");
    try {
        fc.assert(
            fc.property(fc.dictionary(name, content, { noNullPrototype: true }), (files) => {
                const wanted = Object.fromEntries(
                    Object.entries(files).map(([path, one]) => [join(folder, path), one]),
                );
                const paths = Object.keys(wanted);
                shell(writeScript(wanted));
                assert.deepEqual(parseFiles(paths, shell(readScript(paths))), { ...wanted });
            }),
            { numRuns: 40 },
        );
    } finally {
        rmSync(folder, { recursive: true });
    }
});
