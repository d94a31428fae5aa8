import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { endLeftovers } from "../../lib/cli/leftover-processes.js";
import { ClusterView } from "./support/cluster-view.js";
import { bareCluster } from "./support/program.js";
import { eventually, steps } from "./support/steps.js";
import { TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";

/** Seconds that an operation on a service has, and those that a run may take beyond, on a busy host. */
const limit = 20;
const slack = 45;

const timeouts = `{ customTimeouts: { create: "${limit}s", update: "${limit}s" } }`;
const good = { ExecStart: "/bin/sleep infinity", Restart: "always" };

/** What a unit shows of itself on the machine that runs it. */
type Shown = Readonly<Record<string, string>>;

describe("services that fail", { skip }, () => {
    const step = steps();
    let stack: TestStack;
    let view: ClusterView;
    let section: object = good;

    before(async () => {
        const args = { members: { count: 1 }, workers: { web: { count: 1 } } };
        const program = `${bareCluster("faults", args)}
new coreos.Service("tick", {
    cluster,
    instances: 2,
    unit: { Service: ${JSON.stringify(good)}, "X-Fleet": { Conflicts: "tick@*.service" } },
}, ${timeouts});
// Further services.
`;
        stack = await TestStack.create("pulumi-coreos-e2e", program);
    });

    after(() => stack.dispose());

    const change = (to: object): void => {
        stack.edit(JSON.stringify(section), JSON.stringify(to));
        section = to;
    };

    /** A run of `up` that was to fail, within its limit: the message about that service. */
    const failedUp = async (service: string): Promise<string> => {
        const begun = Date.now();
        const { code, output } = await stack.pulumi(["up", "--yes", "--skip-preview"]);
        const seconds = (Date.now() - begun) / 1000;
        assert.notEqual(code, 0, output);
        assert.ok(seconds < limit + slack, `it took ${seconds} s:\n${output}`);
        assert.doesNotMatch(output, /^\s+at .*:\d+:\d+\)?$/m, "no stack");
        const [, diagnostics = ""] = output.split("Diagnostics:");
        const [, message = ""] = diagnostics.split(`dynamic/coreos:Service (${service}):`);
        return message.split(/\n {2}pulumi|\nResources:|\nOutputs:/)[0] ?? "";
    };

    const show = async (unit: string): Promise<Shown> => {
        const found = await view.unit(unit);
        const text = await view.ssh(
            found.machine,
            `systemctl show --property=ActiveState,MainPID,ExecStart -- ${unit}`,
        );
        const pairs = text.split("\n").map((line) => /^([^=]+)=(.*)$/.exec(line)?.slice(1) ?? []);
        return { ...Object.fromEntries(pairs), machine: found.machine };
    };

    const runs = async (unit: string, program: string): Promise<Shown> =>
        eventually(`${unit} to run ${program}`, async () => {
            const shown = await show(unit);
            assert.equal(shown["ActiveState"], "active");
            assert.ok(shown["ExecStart"]?.includes(program), shown["ExecStart"]);
            return shown;
        });

    step("a cluster with a service that runs", async () => {
        await stack.up();
        view = new ClusterView(await stack.outputs());
        await runs("tick@1.service", "infinity");
        await runs("tick@2.service", "infinity");
    });

    const faults: readonly (readonly [string, object, RegExp, RegExp])[] = [
        [
            "ends with an error, and is not started again",
            { ExecStart: "/bin/sh -c 'echo no $0; exit 3' config", Restart: "no" },
            /tick@1\.service failed on (faults-\S+): exit status 3/,
            /no config/,
        ],
        [
            "ends with an error, again and again",
            { ExecStart: "/bin/false", Restart: "always" },
            /tick@1\.service failed on (faults-\S+): exit status 1, after \d+ restarts/,
            /status=1\/FAILURE/,
        ],
        [
            "has a program that is not there",
            { ExecStart: "/opt/bin/missing", Restart: "always" },
            /tick@1\.service failed on (faults-\S+): its program can't be executed/,
            /opt\/bin\/missing/,
        ],
        [
            "ends at once, without error",
            { ExecStart: "/bin/true", Restart: "no" },
            /tick@1\.service ended at once on (faults-\S+); work that ends takes Type=oneshot/,
            /Started|Deactivated/,
        ],
        [
            "never says that it is ready",
            { Type: "notify", ExecStart: "/bin/sleep infinity" },
            /tick@1\.service is not running after \d+ s: activating \(start\) on (faults-\S+)/,
            /Starting/,
        ],
    ];

    for (const [what, broken, told, journal] of faults) {
        step(`a new text that ${what} is undone, and the others are left alone`, async () => {
            const before = await runs("tick@2.service", "infinity");
            change(broken);
            const message = await failedUp("tick");
            const machine = told.exec(message)?.[1];
            assert.ok(machine !== undefined, message);
            const [, lines = ""] = message.split(`The last lines of tick@1.service on ${machine}:`);
            assert.match(lines, journal, message);
            assert.match(
                message,
                /tick@1\.service was given its old text back; no other instance was touched/,
            );
            const rolled = await runs("tick@1.service", "infinity");
            assert.equal(rolled["machine"], machine);
            assert.deepEqual(await show("tick@2.service"), before);
        });
    }

    step("a good text heals it", async () => {
        change({ ExecStart: "/bin/sleep 987654", Restart: "always" });
        await stack.up();
        for (const unit of ["tick@1.service", "tick@2.service"]) {
            assert.ok((await show(unit))["ExecStart"]?.includes("987654"));
        }
        await stack.succeed(["preview", "--expect-no-changes"]);
    });

    step("a service that fails when it is new is named, and a good text heals it", async () => {
        const text = (command: string) =>
            `new coreos.Service("fresh", { cluster, instances: 2, unit: { Service: { ExecStart: "${command}" } } }, ${timeouts});`;
        stack.edit("// Further services.", `${text("/bin/false")}\n// Further services.`);
        const message = await failedUp("fresh");
        assert.match(message, /fresh@[12]\.service failed on faults-\S+: exit status 1/);
        assert.match(message, /The last lines of fresh@[12]\.service on faults-\S+:\n.*fresh@/);
        stack.edit(text("/bin/false"), text("/bin/sleep infinity"));
        await stack.up();
        await runs("fresh@1.service", "infinity");
        await runs("fresh@2.service", "infinity");
        await stack.succeed(["preview", "--expect-no-changes"]);
    });

    step("a unit that was made by hand is refused, and stays as it is", async () => {
        const file = join(stack.folder, "byhand.service");
        writeFileSync(file, "[Service]\nExecStart=/bin/sleep 4242\n");
        await view.fleetctl("start", "--no-block", file);
        await runs("byhand.service", "4242");
        const text = `new coreos.Service("byhand", { cluster, unit: { Service: { ExecStart: "/bin/sleep infinity" } } }, ${timeouts});`;
        stack.edit("// Further services.", `${text}\n// Further services.`);
        const message = await failedUp("byhand");
        assert.match(
            message,
            /fleet already has byhand\.service \(made by hand\), which this stack did not make; choose another name, remove it with fleetctl destroy, or take it over with `adopt: true`/,
        );
        assert.equal(await view.fleetctl("cat", "byhand.service"), readFileSync(file, "utf8"));
        await runs("byhand.service", "4242");
        stack.edit(`${text}\n`, "");
    });

    step("a create that was cut off is resumed by the next up", async () => {
        const unit = {
            Service: { ExecStartPre: "/bin/sleep 5", ExecStart: "/bin/sleep infinity" },
        };
        const text = `new coreos.Service("slow", { cluster, instances: 2, unit: ${JSON.stringify(unit)} });`;
        stack.edit("// Further services.", text);
        const file = join(stack.folder, "pid");
        const shell = `echo $$ > ${file}; exec "$@"`;
        const cut = stack.pulumi(["up", "--yes", "--skip-preview"], ["sh", "-c", shell, "sh"]);
        await eventually("fleet to have the units", async () => {
            assert.ok(existsSync(file));
            const listed = (await view.units()).filter(({ unit }) => unit.startsWith("slow@"));
            assert.equal(listed.length, 2);
        });
        process.kill(Number(readFileSync(file, "utf8")), "SIGKILL");
        await endLeftovers(`file://${stack.folder}`);
        assert.notEqual((await cut).code, 0);
        const units = ["slow@1.service", "slow@2.service"];
        const before = await Promise.all(units.map((one) => runs(one, "infinity")));

        await stack.succeed(["cancel", "--yes"]);
        await stack.up();
        const afterwards = await Promise.all(units.map(show));
        assert.deepEqual(afterwards, before, "they were taken over as they ran");
        await stack.succeed(["preview", "--expect-no-changes"]);
    });
});
