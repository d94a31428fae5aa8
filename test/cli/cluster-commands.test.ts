import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { utils } from "ssh2";
import { type FakeMachine, startFakeMachine } from "./fake-machine.js";
import { ended, install, makeProject, start } from "./fake-pulumi.js";

const ids = { m1: "a".repeat(32), m2: "b".repeat(32) };
const unit = (name: string, machineID?: string) => ({
    name,
    desiredState: "launched",
    currentState: "launched",
    machineID,
});
const state = (name: string, machineID: string, active = "active", sub = "running") => ({
    name,
    machineID,
    systemdActiveState: active,
    systemdSubState: sub,
});
const answers: Record<string, unknown> = {
    "/health": { health: "true" },
    "/fleet/v1/machines": { machines: [{ id: ids.m1, primaryIP: "127.0.0.1" }] },
    "/fleet/v1/units": {
        units: [
            unit("hello@1.service", ids.m1),
            unit("hello@2.service", ids.m1),
            // Of these fleet has no word for a while.
            unit("late@1.service", ids.m1),
            unit("late@2.service", ids.m1),
            unit("late@3.service", ids.m2),
            unit("idle.service"),
            // On every machine that has the key, and reported by the one that fleet sees.
            {
                ...unit("agent.service"),
                options: [{ section: "X-Fleet", name: "Global", value: "true" }],
            },
        ],
    },
    "/fleet/v1/state": {
        states: [
            state("hello@1.service", ids.m1),
            state("hello@2.service", ids.m1, "failed", "failed"),
            state("agent.service", ids.m1),
            state("agent.service", ids.m2, "activating", "auto-restart"),
            // What another machine said before the unit moved.
            state("hello@1.service", ids.m2, "inactive", "dead"),
        ],
    },
};

/** Every unit is there, and failed; of what fleet does not report, one runs and one does not. */
const systemctl = `#!/bin/sh
[ "$1" = show ] || exit 0
case "$2" in *ActiveState*)
    for unit; do case "$unit" in
        late@1.service|hello@1.service) printf 'Id=%s\\nActiveState=active\\nSubState=running\\n\\n' "$unit" ;;
        *.service) printf 'Id=%s\\nActiveState=inactive\\nSubState=dead\\n\\n' "$unit" ;;
    esac; done
    exit 0 ;;
esac
printf 'Result=exit-code\\nExecMainStatus=3\\nNRestarts=2\\nLoadError= ""\\n'
`;

let root: string;
let machine: FakeMachine;

before(async () => {
    root = mkdtempSync(join(tmpdir(), "cluster-commands-"));
    makeProject(root);
    // Prints its own arguments.
    install(root, "journalctl", '#!/bin/sh\nfor argument in "$@"; do echo "$argument"; done\n');
    install(root, "systemctl", systemctl);
    machine = await startFakeMachine(root, answers);
    const described = (name: "m1" | "m2") => ({
        name,
        role: "member",
        privateIp: "127.0.0.1",
        metadata: {},
        machineId: ids[name],
    });
    const outputs = {
        machines: [described("m1"), described("m2")],
        services: [
            { name: "hello", instances: 2 },
            { name: "late", instances: 3 },
        ],
        etcdEndpoints: ["http://127.0.0.1:2379"],
        urls: ["http://127.0.0.1:8080"],
        connection: {
            user: "core",
            privateKey: utils.generateKeyPairSync("ed25519").private,
            hosts: [
                // Nothing listens there.
                { name: "m2", address: "127.0.0.1", port: 1 },
                { name: "m1", address: "127.0.0.1", port: machine.port },
            ],
        },
    };
    writeFileSync(join(root, "outputs.json"), JSON.stringify(outputs));
});
after(() => {
    machine.close();
    rmSync(root, { recursive: true });
});

const run = (args: readonly string[], input?: string) => ended(start(root, args), input);

describe("ssh", () => {
    it("runs a command there, hands it input and options, and ends with its exit code", async () => {
        const result = await run(
            ["ssh", "m1", "tr", "-d", "x", ";", "echo oops >&2; exit 3"],
            "axbx",
        );
        assert.deepEqual(result, { stdout: "ab", stderr: "oops\n", code: 3 });
    });

    it("names the machines there are, and says why one can't be reached", async () => {
        const unknown = await run(["ssh", "m3", "true"]);
        assert.equal(unknown.code, 1);
        assert.equal(unknown.stderr, 'there is no machine "m3"; there are m2, m1\n');
        const down = await run(["ssh", "m2", "true"]);
        assert.equal(down.code, 1);
        assert.match(down.stderr, /^m2 \(127\.0\.0\.1\): .*ECONNREFUSED[^\n]*\n$/);
    });
});

describe("status", () => {
    it("shows each machine and unit as it is, a machine that is down too, and ends with 1", async () => {
        const { stdout, code } = await run(["status", "--json"]);
        const status = JSON.parse(stdout);
        assert.equal(code, 1);
        const machines = status.machines.map((one: Record<string, unknown>) => [
            one["name"],
            one["fleet"],
            one["etcd"] === "healthy" ? "healthy" : "not",
        ]);
        assert.deepEqual(machines, [
            ["m1", "seen", "healthy"],
            ["m2", "missing", "not"],
        ]);
        assert.equal(status.machines[1].etcd, "no answer");
        assert.match(status.machines[1].error, /^connect ECONNREFUSED/);
        const desired = "launched";
        assert.deepEqual(status.units, [
            { name: "agent.service", machine: "m1", desired, state: "active/running" },
            {
                name: "agent.service",
                machine: "m2",
                desired,
                state: "activating/auto-restart",
                error: "its machine does not answer",
            },
            { name: "hello@1.service", machine: "m1", desired, state: "active/running" },
            {
                name: "hello@2.service",
                machine: "m1",
                desired,
                state: "failed/failed",
                // The first line of what stands in for the journal.
                error: "exit status 3, 2 restarts: --no-pager",
            },
            {
                name: "idle.service",
                desired,
                state: "inactive/unknown",
                error: "fleet has placed it on no machine",
            },
            { name: "late@1.service", machine: "m1", desired, state: "active/running" },
            {
                name: "late@2.service",
                machine: "m1",
                desired,
                state: "inactive/dead",
                error: "exit status 3, 2 restarts: --no-pager",
            },
            {
                name: "late@3.service",
                machine: "m2",
                desired,
                state: "inactive/unknown",
                error: "its machine does not answer",
            },
        ]);
        assert.deepEqual(status.services, [
            { name: "hello", declared: 2, active: 1 },
            { name: "late", declared: 3, active: 1 },
        ]);
        assert.deepEqual(status.problems, []);
    });

    /** Waits until what a command printed has that in it; answers with the rest. */
    const until = async (shown: () => string, what: RegExp): Promise<string> => {
        const deadline = Date.now() + 20_000;
        while (!what.test(shown())) {
            assert.ok(Date.now() < deadline, `no ${what} in ${shown()}`);
            await sleep(50);
        }
        return shown().split(what).at(-1) ?? "";
    };

    for (const terminal of [false, true]) {
        const where = terminal ? "in place, on a terminal" : "line after line, without a terminal";
        it(`goes on, with a cluster that does not answer for a while, ${where}`, async () => {
            const child = start(root, ["status", "--watch", "0.1"], {}, terminal);
            let text = "";
            child.stdout?.on("data", (chunk: Buffer) => {
                text += chunk.toString();
            });
            const ends = new Promise((resolve) => child.once("close", resolve));
            const { "/fleet/v1/state": states } = answers;
            try {
                await until(() => text, /hello@2\.service on m1 +exit status 3, 2 restarts/);
                delete answers["/fleet/v1/state"];
                text = "";
                await until(() => text, /fleet does not answer: fleet answered 404/);
                text = "";
                const shown = /shown as they were at \d\d:\d\d:\d\d/;
                await until(() => text, shown);
                assert.match(text, /hello@1\.service +m1 +active\/running/);
                answers["/fleet/v1/state"] = { states: [] };
                text = "";
                await until(() => text, /agent\.service +m1 +inactive\/dead/);
                assert.match(text, /hello@1\.service +m1 +active\/running/);
                text = "";
                await until(() => text, /every 0\.1 s/);
                assert.equal(text.includes("\u001b[H"), terminal);
            } finally {
                answers["/fleet/v1/state"] = states;
                child.kill("SIGTERM");
                await ends;
            }
        });
    }
});

describe("logs", () => {
    it("shows the journal of one unit from its machine", async () => {
        const { stdout, code } = await run(["logs", "hello@1", "-n", "5"]);
        assert.deepEqual(
            [stdout.trim().split("\n").slice(-2), code],
            [["--lines=5", "--unit=hello@1.service"], 0],
        );
    });

    it("shows those of a whole service, each line with its origin", async () => {
        const { stdout } = await run(["logs", "hello"]);
        const lines = stdout.trim().split("\n");
        assert.ok(lines.includes("hello@1 on m1 | --unit=hello@1.service"), stdout);
        assert.ok(lines.includes("hello@2 on m1 | --unit=hello@2.service"), stdout);
        assert.ok(lines.every((line) => /^hello@[12] on m1 \| /.test(line)));
    });

    it("shows another of systemd's units on a machine that is named", async () => {
        const { stdout } = await run(["logs", "-f", "etcd", "--machine", "m1"]);
        const shown = stdout.trim().split("\n");
        assert.ok(shown.includes("--follow") && shown.includes("--unit=etcd.service"), stdout);
    });

    const refusals: [string, RegExp][] = [
        ["nope", /^fleet has no unit nope\.service; it has hello@1\.service, [^\n]*--machine\.\n$/],
        ["idle", /^idle\.service is on no machine: fleet has not placed it\.\n$/],
    ];
    for (const [name, message] of refusals) {
        it(`of ${name} are refused in one sentence`, async () => {
            const { stderr, code } = await run(["logs", name]);
            assert.equal(code, 1);
            assert.match(stderr, message);
        });
    }
});
