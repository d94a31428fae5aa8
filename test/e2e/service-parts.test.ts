/** What a service declares, as the machine has it: overrides, variables, limits, further units, checks, secrets. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { after, before, describe } from "node:test";
import { ClusterView } from "./support/cluster-view.js";
import { bareCluster } from "./support/program.js";
import { eventually, steps } from "./support/steps.js";
import { TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";

const difficult = "100% \"new\" $HOME \\ 'x' #;\tend";

/** Answers one request on standard input and output, unless it was told to hang. */
const answer = `#!/bin/bash
while IFS= read -r line && [ "\${line%$'\\r'}" != "" ]; do :; done
while [ -e /run/hang-$1 ]; do sleep 1; done
printf 'HTTP/1.0 200 OK\\r\\n\\r\\n'
`;

/** Leaves behind what it was given, and answers on its port. */
const program = `#!/bin/bash
env -0 > /run/env-$1
sha256sum < $CREDENTIALS_DIRECTORY/token > /run/token-$1
exec systemd-socket-activate --accept --inetd --listen=$1 /opt/bin/answer $1
`;

/** Cgroup controllers of version 1 in whose topmost group this process is, as the machines are then. */
function hostControllers(): "unified" | Set<string> {
    if (existsSync("/sys/fs/cgroup/cgroup.controllers")) {
        return "unified";
    }
    const lines = readFileSync("/proc/self/cgroup", "utf8").split("\n");
    const top = lines.map((line) => line.split(":")).filter(([, , path]) => path === "/");
    return new Set(top.flatMap(([, names = ""]) => names.split(",")));
}

describe("the parts of a service", { skip }, () => {
    const step = steps();
    let stack: TestStack;
    let view: ClusterView;
    let machine = "";

    before(async () => {
        const files = [
            { path: "/opt/bin/answer", permissions: "0755", content: answer },
            { path: "/opt/bin/program", permissions: "0755", content: program },
        ];
        const text = `${bareCluster("parts", { members: { count: 1 }, files })}
new coreos.Service("web", {
    cluster,
    unit: { Service: { ExecStart: "/opt/bin/program %i", CPUWeight: 50, CPUQuota: "30%" } },
    instances: { 8888: {}, 9999: { environment: { TEXT: ${JSON.stringify(difficult)} } } },
    environment: { TEXT: "plain", NUMBER: 7 },
    dropIns: { "10-memory.conf": { Service: { MemoryMax: "64M", TasksMax: 77 } } },
    units: {
        "web-announce": {
            Unit: { BindsTo: "web@%i.service", After: "web@%i.service" },
            Service: { ExecStart: "/bin/sleep infinity" },
        },
        "web-tick": { Service: { Type: "oneshot", ExecStart: "/bin/touch /run/tick-%i" } },
        "web-tick.timer": { Timer: { OnActiveSec: 1, AccuracySec: 1 } },
    },
    secrets: { token: pulumi.secret("a hidden value") },
    check: { http: { port: "%i" }, every: 0.5, failures: 2, timeout: 1 },
});
`;
        stack = await TestStack.create("pulumi-coreos-e2e", text);
    });

    after(() => stack.dispose());

    const shell = (command: string) => view.ssh(machine, `sudo sh -c ${quoted(command)}`);
    const show = async (unit: string, property: string) =>
        (await shell(`systemctl show --value --property=${property} ${unit}`)).trim();
    const activeUnits = async () =>
        (await shell("systemctl list-units --plain --no-legend --state=active 'web*'"))
            .trim()
            .split("\n")
            .map((line) => line.split(" ")[0])
            .sort();

    const running = ["8888", "9999"]
        .flatMap((id) => [
            `web-announce@${id}.service`,
            `web-check@${id}.service`,
            `web-tick@${id}.timer`,
            `web@${id}.service`,
        ])
        .sort();

    step("it comes up, with everything that belongs to it", async () => {
        const output = await stack.succeed(["up", "--yes", "--skip-preview", "--diff"]);
        assert.doesNotMatch(output, /a hidden value/);
        view = new ClusterView(await stack.outputs());
        [machine = ""] = view.machines;
        await eventually("the units to run", async () => {
            assert.deepEqual(await activeUnits(), running);
        });
        await eventually("the timers to have fired", async () => {
            await shell("test -e /run/tick-8888 && test -e /run/tick-9999");
        });
    });

    step("each instance has its own variables, whatever is in them", async () => {
        const variables = async (id: string) => {
            const all = (await shell(`cat /run/env-${id}`)).split("\0");
            return all.filter((one) => /^(TEXT|NUMBER)=/.test(one)).sort();
        };
        assert.deepEqual(await variables("8888"), ["NUMBER=7", "TEXT=plain"]);
        assert.deepEqual(await variables("9999"), ["NUMBER=7", `TEXT=${difficult}`]);
    });

    step("its limits hold", async () => {
        const memory = String(64 * 1024 * 1024);
        assert.equal(await show("web@8888.service", "MemoryMax"), memory);
        const group = await show("web@8888.service", "ControlGroup");
        const held = async (file: string) => (await shell(`cat /sys/fs/cgroup/${file}`)).trim();
        const controllers = hostControllers();
        if (controllers === "unified") {
            assert.equal(await held(`${group}/pids.max`), "77");
            assert.equal(await held(`${group}/cpu.max`), "30000 100000");
            assert.equal(await held(`${group}/cpu.weight`), "50");
            assert.equal(await held(`${group}/memory.max`), memory);
            return;
        }
        // Version 1: a controller is the machine's where the host doesn't keep us in a group below its top.
        const of: Record<string, () => Promise<void>> = {
            pids: async () => assert.equal(await held(`pids${group}/pids.max`), "77"),
            cpu: async () => {
                assert.equal(await held(`cpu${group}/cpu.cfs_quota_us`), "30000");
                assert.equal(await held(`cpu${group}/cpu.shares`), "512");
            },
            memory: async () =>
                assert.equal(await held(`memory${group}/memory.limit_in_bytes`), memory),
        };
        for (const [controller, check] of Object.entries(of)) {
            if (controllers.has(controller)) {
                await check();
            }
        }
    });

    step("its program reads the secret, and nothing else shows it", async () => {
        const sum = await shell("printf 'a hidden value' | sha256sum");
        assert.equal(await shell("cat /run/token-8888"), sum);
        const texts = await shell("cat /run/fleet/units/web@8888.service");
        assert.match(texts, /^LoadCredential=token:/m);
        assert.doesNotMatch(texts, /hidden/);
    });

    step("a process that dies comes back, and what is bound to it", async () => {
        const before = await show("web-announce@8888.service", "MainPID");
        await shell("systemctl kill --signal=SIGKILL web@8888.service");
        await eventually("all of it to be back", async () => {
            assert.equal(await show("web@8888.service", "NRestarts"), "1");
            assert.deepEqual(await activeUnits(), running);
            assert.notEqual(await show("web-announce@8888.service", "MainPID"), before);
        });
    });

    step(
        "one that hangs is killed by its check, and comes back; the other is left alone",
        async () => {
            await shell("touch /run/hang-9999");
            await eventually("the kill", async () => {
                assert.ok(Number(await show("web@9999.service", "NRestarts")) >= 1);
            });
            await shell("rm /run/hang-9999");
            await eventually("it to answer again", async () => {
                await shell("curl -sSf --max-time 1 http://127.0.0.1:9999/");
                assert.deepEqual(await activeUnits(), running);
            });
            assert.equal(await show("web@8888.service", "NRestarts"), "1");
        },
    );

    step("a change of one instance leaves the other one's processes alone", async () => {
        const pids = () =>
            Promise.all(["8888", "9999"].map((id) => show(`web@${id}.service`, "MainPID")));
        const [first, second] = await pids();
        stack.edit(JSON.stringify(difficult), JSON.stringify("changed"));
        await stack.up();
        const [firstNow, secondNow] = await pids();
        assert.equal(firstNow, first);
        assert.notEqual(secondNow, second);
        await eventually("all of it to be back", async () => {
            assert.deepEqual(await activeUnits(), running);
        });
    });

    step("it goes, what is bound to it first, and nothing of it stays", async () => {
        stack.edit('new coreos.Service("web"', 'false && new coreos.Service("web"');
        await stack.up();
        assert.deepEqual(await activeUnits(), [""]);
        const log = await shell("journalctl --quiet --output=cat --unit=fleet.service");
        const stops = Array.from(
            log.matchAll(/Triggered systemd unit (\S+) stop/g),
            ([, name]) => name,
        );
        for (const id of ["8888", "9999"]) {
            const [bound, main] = [`web-announce@${id}.service`, `web@${id}.service`];
            assert.ok(stops.includes(bound), stops.join(" "));
            assert.ok(stops.lastIndexOf(bound) < stops.lastIndexOf(main), stops.join(" "));
        }
        await shell("! test -e /var/lib/pulumi-coreos/secrets/web");
    });
});

function quoted(text: string): string {
    return `'${text.replaceAll("'", "'\\''")}'`;
}
