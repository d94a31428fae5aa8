import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { HostProcess } from "../../lib/cli/processes.js";
import { findProcess } from "../../lib/cli/processes.js";
import { isStale, type Lock, readLocks, removeLock } from "../../lib/cli/stale-lock.js";

const lockedAt = new Date("2026-11-21T10:00:00Z");
const lock: Lock = {
    file: "",
    pid: 4711,
    username: "core",
    hostname: "here",
    timestamp: lockedAt,
};

function process_(name: string, startedAt: string): HostProcess {
    return { pid: 4711, parent: 1, name, command: [name], startedAt: new Date(startedAt) };
}

describe("a lock of the embedded backend", () => {
    const before = "2026-11-21T09:59:59Z";
    const cases: [string, boolean, Partial<Lock>, HostProcess | undefined, boolean?][] = [
        ["is stale when its process is gone", true, {}, undefined],
        ["is held while its process runs", false, {}, process_("pulumi", before)],
        ["is held on another host, whatever runs here", false, { hostname: "there" }, undefined],
        ["is stale when its id went to another program", true, {}, process_("sshd", before)],
        [
            "is stale when its id went to a later Pulumi",
            true,
            {},
            process_("pulumi", "2026-11-21T10:02:00Z"),
        ],
        [
            "is held when the clock was set a little after it was made",
            false,
            {},
            process_("pulumi", "2026-11-21T10:00:30Z"),
        ],
        ["is held where processes can't be seen", false, {}, undefined, false],
    ];
    for (const [title, expected, change, holder, seesProcesses = true] of cases) {
        it(title, () => {
            const host = {
                hostname: "here",
                seesProcesses,
                find: (pid: number) => (pid === lock.pid ? holder : undefined),
            };
            assert.equal(isStale({ ...lock, ...change }, host), expected);
        });
    }
});

describe("locks on disk", () => {
    const backend = mkdtempSync(join(tmpdir(), "stale-lock-"));
    const folder = join(backend, ".pulumi", "locks", "organization", "demo", "local");
    mkdirSync(folder, { recursive: true });
    after(() => rmSync(backend, { recursive: true }));

    it("are read as Pulumi writes them, and removed with what lies beside them", () => {
        const file = join(folder, "9d131fc0.json");
        const text =
            '{"pid":32316,"username":"root","hostname":"vm","timestamp":"2026-11-21T10:56:56.401156186Z"}';
        writeFileSync(file, text);
        writeFileSync(`${file}.attrs`, "{}");
        writeFileSync(join(folder, "half.json"), '{"pid":');
        const [found, ...more] = readLocks(backend, "demo", "local");
        assert.equal(more.length, 0);
        assert.deepEqual(found, {
            file,
            pid: 32316,
            username: "root",
            hostname: "vm",
            timestamp: new Date("2026-11-21T10:56:56.401Z"),
        });
        removeLock(found);
        assert.equal(existsSync(file), false);
        assert.equal(existsSync(`${file}.attrs`), false);
    });

    it("are those of one stack", () => {
        const text = '{"pid":1,"username":"","hostname":"vm","timestamp":"2026-11-21T10:00:00Z"}';
        writeFileSync(join(folder, "1.json"), text);
        assert.deepEqual(readLocks(backend, "demo", "other"), []);
        assert.equal(readLocks(backend, "demo", "local").length, 1);
    });
});

describe("a process of this host", { skip: process.platform !== "linux" }, () => {
    it("is found with its parent, arguments and start", () => {
        const found = findProcess(process.pid);
        assert.equal(found?.parent, process.ppid);
        assert.ok(found?.command.some((argument) => argument.includes("stale-lock")));
        const age = Date.now() - (found?.startedAt.getTime() ?? 0);
        assert.ok(Math.abs(age - process.uptime() * 1000) < 3_000, `${age} ms old`);
    });

    it("is none where nothing has that id", () => {
        assert.equal(findProcess(2 ** 22 + 1), undefined);
    });
});
