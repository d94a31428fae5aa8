import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ClusterView } from "./support/cluster-view.js";
import { bareCluster } from "./support/program.js";
import { eventually, steps } from "./support/steps.js";
import { TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";

/** Seconds that an operation on the service has, and those that a run may take beyond, on a busy host. */
const limit = 40;
const slack = 45;

/** Text of the unit at a time: how long it takes to start, and what it then does. */
const unitText = (pre: string, main: string, environment: readonly string[] = []): string =>
    JSON.stringify({
        Service: {
            Environment: environment,
            ExecStartPre: pre,
            ExecStart: main,
            Restart: "always",
            TimeoutStopSec: 3,
        },
        "X-Fleet": { Conflicts: "slow@*.service" },
    });

describe("services while something breaks", { skip }, () => {
    const step = steps();
    let stack: TestStack;
    let view: ClusterView;
    let text = unitText("/bin/sleep 3", "/bin/sleep 1000");
    let generation = 1000;

    before(async () => {
        const program = `${bareCluster("outages", { members: { count: 3 } })}
new coreos.Service("slow", { cluster, instances: 3, unit: ${text} },
    { customTimeouts: { create: "${limit}s", update: "${limit}s" } });
`;
        stack = await TestStack.create("pulumi-coreos-e2e", program);
        await stack.up();
        view = new ClusterView(await stack.outputs());
    });

    after(() => stack.dispose());

    const change = (to: string): void => {
        stack.edit(text, to);
        text = to;
    };

    // After a fault fleet's own list may be behind systemd by 24 s.
    const allRun = (what: string): Promise<void> =>
        eventually(
            `all instances to run ${what}`,
            async () => {
                const units = await view.units();
                assert.deepEqual(
                    units.map(({ unit, active }) => `${unit} ${active}`),
                    ["slow@1.service active", "slow@2.service active", "slow@3.service active"],
                );
                for (const { unit, machine } of units) {
                    const shown = await view.ssh(machine, `systemctl show -p ExecStart ${unit}`);
                    assert.ok(shown.includes(what), `${unit}: ${shown}`);
                }
            },
            60,
        );

    /** Rolls a text out, while something is done to the cluster. */
    const rollThrough = async (breakIt: () => Promise<void>): Promise<void> => {
        generation += 1;
        change(unitText("/bin/sleep 3", `/bin/sleep ${generation}`));
        const run = stack.pulumi(["up", "--yes", "--skip-preview"]);
        await eventually("the roll to have begun", async () => {
            const states = (await view.units()).map(({ active }) => active);
            assert.ok(states.includes("activating"), states.join(" "));
        });
        await breakIt();
        const { code, output } = await run;
        assert.equal(code, 0, output);
        await allRun(`sleep ${generation}`);
        await stack.succeed(["preview", "--expect-no-changes"]);
    };

    step("etcd has no quorum for a moment", () =>
        rollThrough(async () => {
            const [, ...others] = view.machines;
            for (const machine of others) {
                await view.ssh(machine, "sudo systemctl kill -s STOP etcd.service");
            }
            await sleep(8_000);
            for (const machine of others) {
                await view.ssh(machine, "sudo systemctl kill -s CONT etcd.service");
            }
        }),
    );

    step("every SSH connection breaks", () =>
        rollThrough(async () => {
            for (const machine of view.machines) {
                await view.orderAndLose(machine, "sudo pkill -KILL -f 'sshd: core'");
            }
        }),
    );

    step("fleetd is killed on every machine, and started again by systemd", () =>
        rollThrough(async () => {
            for (const machine of view.machines) {
                await view.ssh(machine, "sudo systemctl kill -s KILL fleet.service");
            }
        }),
    );

    step("a process ignores SIGTERM", async () => {
        const deaf = "/bin/sh -c 'trap : TERM; while :; do sleep 1; done; # deaf'";
        change(unitText("/bin/true", deaf));
        await stack.up();
        await allRun("deaf");
        change(unitText("/bin/true", "/bin/sleep 2000"));
        await stack.up();
        await allRun("sleep 2000");
    });

    step(
        "the disk of a machine is full: the rest is left alone, and the next up finishes",
        async () => {
            const { machine } = await view.unit("slow@1.service");
            // The machine's own /run would do, if journald did not make room there.
            const folder = "/run/fleet/units";
            const onMachine = (command: string): Promise<string> =>
                view.ssh(machine, `sudo sh -ec '${command}'`);
            await onMachine(
                `cp -a ${folder} /run/kept; mount -t tmpfs -o size=16k units ${folder}; cp -a /run/kept/. ${folder}`,
            );
            // It needs more room than there is.
            const long = Array.from({ length: 40 }, (_, index) => `V${index}=${"x".repeat(1000)}`);
            change(unitText("/bin/true", "/bin/sleep 3000", long));
            const begun = Date.now();
            const { code, output } = await stack.pulumi(["up", "--yes", "--skip-preview"]);
            const seconds = (Date.now() - begun) / 1000;
            assert.notEqual(code, 0, output);
            assert.ok(seconds < limit + slack, `it took ${seconds} s`);
            assert.match(output, /slow@1\.service was given its old text back; no other/);
            assert.match(
                output,
                new RegExp(`slow@1\\.service .* ${machine}.*no space left on device`),
            );
            for (const unit of ["slow@2.service", "slow@3.service"]) {
                const { machine: where } = await view.unit(unit);
                const shown = await view.ssh(
                    where,
                    `systemctl show -p ExecStart,ActiveState ${unit}`,
                );
                assert.match(shown, /^ActiveState=active$/m);
                assert.doesNotMatch(shown, /sleep 3000/);
            }
            await onMachine(`mount -o remount,size=1M ${folder}`);
            await stack.up();
            await allRun("sleep 3000");
            await stack.succeed(["preview", "--expect-no-changes"]);
        },
    );
});
