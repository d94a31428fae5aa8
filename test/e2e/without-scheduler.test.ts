import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { hello, helloProgram } from "../../stacks/hello.js";
import { ClusterView } from "./support/cluster-view.js";
import { bareCluster, port } from "./support/program.js";
import { eventually, steps } from "./support/steps.js";
import { TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";
const machines = ["bare-web-1", "bare-web-2"];

describe("a group of machines without etcd and fleet", { skip }, () => {
    const step = steps();
    let stack: TestStack;
    let view: ClusterView;

    before(async () => {
        const { Service: service } = hello;
        const environment = ["GREETING=hello", "INSTANCE=web", "HOSTNAME=%H"];
        const web = { Service: { ...service, Environment: environment } };
        const units = [
            { name: "web.service", command: "start", content: web },
            {
                name: "tick.service",
                command: "start",
                content: { Service: { ExecStart: "/bin/sleep infinity" } },
            },
        ];
        const group = { count: 2, expose: [port], files: [helloProgram], units };
        const program = bareCluster("bare", {
            workers: { web: { ...group, rollout: "in-place" } },
        });
        const text = `${program}exports.urls = cluster.urls;\n`;
        stack = await TestStack.create("pulumi-coreos-e2e", text);
    });

    after(() => stack.dispose());

    const assertServed = async (greeting: string): Promise<void> => {
        const answers = (await view.answers()).sort((a, b) => a.machine.localeCompare(b.machine));
        const expected = machines.map((machine) => ({ greeting, unit: "web.service", machine }));
        assert.deepEqual(answers, expected);
    };

    const shown = (machine: string, unit: string, property: string): Promise<string> =>
        view.ssh(machine, `systemctl show --value --property=${property} -- ${unit}`);

    const facts = (property: string, unit = ""): Promise<string[]> =>
        Promise.all(machines.map((machine) => shown(machine, unit, property)));

    /** When units and machines were started; one clock counts for all. */
    const times = async (property: string, unit = ""): Promise<[number, number]> => {
        const [first, second] = (await facts(property, unit)).map(Number);
        return [first ?? 0, second ?? 0];
    };

    const bootTimes = () => facts("UserspaceTimestampMonotonic");

    /** The lines of units that a preview shows as changed, each once. */
    const previewed = async (): Promise<string[]> => {
        const output = await stack.succeed(["preview", "--diff"]);
        const lines = output.split("\n").map((line) => line.trim());
        return [...new Set(lines.filter((line) => /^[+-] *[A-Z]\w+="?\w/.test(line)))].map((line) =>
            line.replace(/^([+-]) */, "$1 "),
        );
    };

    /** A run of `up` that was to fail: what it said. */
    const failedUp = async (): Promise<string> => {
        const { code, output } = await stack.pulumi(["up", "--yes", "--skip-preview"]);
        assert.notEqual(code, 0, output);
        assert.doesNotMatch(output, /^\s+at .*:\d+:\d+\)?$/m, "no stack");
        return output.split("Diagnostics:")[1] ?? "";
    };

    step("up: the units run on each machine, and there is no etcd and no fleet", async () => {
        await stack.up();
        view = new ClusterView(await stack.outputs());
        assert.deepEqual(view.machines, machines);
        assert.deepEqual(view.outputs.etcdEndpoints, []);
        await assertServed("hello");
        for (const unit of ["etcd.service", "fleet.service"]) {
            assert.deepEqual(await facts("LoadState", unit), ["not-found", "not-found"]);
        }
        await stack.succeed(["preview", "--expect-no-changes"]);
    });

    step("in place: one line changed rolls machine by machine, and nothing reboots", async () => {
        const [boots, ticks] = [await bootTimes(), await facts("MainPID", "tick.service")];
        stack.edit("GREETING=hello", "GREETING=servus");
        assert.deepEqual(await previewed(), [
            "- Environment=GREETING=hello",
            "+ Environment=GREETING=servus",
        ]);
        const output = await stack.succeed(["up", "--yes", "--skip-preview"]);
        assert.doesNotMatch(output, /next boot/);
        await assertServed("servus");
        assert.deepEqual(await bootTimes(), boots);
        assert.deepEqual(await facts("MainPID", "tick.service"), ticks, "its text is the same");
        const [first, second] = await times("ActiveEnterTimestampMonotonic", "web.service");
        assert.ok(second - first >= 1_000_000, "the second waits until the first has settled");
        await stack.succeed(["preview", "--expect-no-changes"]);
    });

    step("a machine that reboots keeps the new text", async () => {
        const [boot] = await bootTimes();
        await view.orderAndLose("bare-web-1", "sudo reboot");
        await eventually("bare-web-1 to boot again", async () => {
            assert.notEqual((await bootTimes())[0], boot);
        });
        await eventually("both to answer", () => assertServed("servus"));
    });

    step("a unit that is broken is named with its reason, and the old text runs on", async () => {
        const pids = await facts("MainPID", "web.service");
        stack.edit("/usr/bin/systemd-socket-activate", "/opt/bin/missing");
        const message = await failedUp();
        assert.match(
            message,
            /web\.service failed on bare-web-1: its program can't be executed: it is missing/,
        );
        const [, journal = ""] = message.split("The last lines of web.service on bare-web-1:");
        assert.match(journal, /opt\/bin\/missing/, message);
        assert.match(
            message,
            /bare-web-1 was given its old units back\s+No other machine was touched; at a boot each takes/,
        );
        await eventually("the old text to run again", () => assertServed("servus"));
        const [, second] = await facts("MainPID", "web.service");
        assert.equal(second, pids[1]);
    });

    step("a good text heals it; a unit that is gone is stopped, and its file removed", async () => {
        stack.edit("/opt/bin/missing", "/usr/bin/systemd-socket-activate");
        stack.edit("GREETING=servus", "GREETING=salve");
        stack.edit('"name": "tick.service"', '"name": "tock.service"');
        await stack.up();
        await assertServed("salve");
        assert.deepEqual(await facts("LoadState", "tick.service"), ["not-found", "not-found"]);
        assert.deepEqual(await facts("ActiveState", "tock.service"), ["active", "active"]);
        await stack.succeed(["preview", "--expect-no-changes"]);
    });

    step("replace: machines are made anew one by one", async () => {
        const ids = view.outputs.machines.map(({ machineId }) => machineId);
        stack.edit('"rollout": "in-place"', '"rollout": "replace"');
        await stack.up();
        stack.edit("GREETING=salve", "GREETING=hola");
        assert.deepEqual(await previewed(), [
            "- Environment=GREETING=salve",
            "+ Environment=GREETING=hola",
        ]);
        await stack.up();
        view = new ClusterView(await stack.outputs());
        await assertServed("hola");
        const [first, second] = view.outputs.machines.map(({ machineId }) => machineId);
        assert.ok(!ids.includes(first ?? "") && !ids.includes(second ?? ""));
        const [runs] = await times("ActiveEnterTimestampMonotonic", "web.service");
        const [, booted] = await times("UserspaceTimestampMonotonic");
        assert.ok(booted - runs >= 1_000_000, "the second waits until the first serves");
        await stack.succeed(["preview", "--expect-no-changes"]);
    });

    step("replace: a unit that is broken stops at the first machine", async () => {
        const before = view.outputs.machines[1]?.machineId;
        stack.edit("/usr/bin/systemd-socket-activate", "/opt/bin/missing");
        const message = await failedUp();
        assert.match(
            message,
            /web\.service failed on bare-web-1: its program can't be executed: it is missing/,
        );
        assert.match(message, /The machines after it were left alone\./);
        assert.equal(await view.ssh("bare-web-2", "cat /etc/machine-id"), before);
        stack.edit("/opt/bin/missing", "/usr/bin/systemd-socket-activate");
        await stack.up();
        view = new ClusterView(await stack.outputs());
        await assertServed("hola");
        assert.equal(view.outputs.machines[1]?.machineId, before);
        await stack.succeed(["preview", "--expect-no-changes"]);
    });
});
