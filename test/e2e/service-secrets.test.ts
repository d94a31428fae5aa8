import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe } from "node:test";
import { readMachineManifest } from "../../lib/platforms/local/manifest.js";
import { machineProcesses } from "../../lib/platforms/local/processes.js";
import { PROVIDERS, resourceType } from "../../lib/providers/tokens.js";
import { ClusterView } from "./support/cluster-view.js";
import { bareCluster } from "./support/program.js";
import { run } from "./support/run.js";
import { eventually, steps } from "./support/steps.js";
import { TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";

const userData = "/media/configdrive/openstack/latest/user_data";
const directory = "/var/lib/pulumi-coreos/secrets/vault";
const unit = {
    Service: {
        // Only a sum of what it sees is left behind.
        ExecStart:
            '/bin/sh -c "sha256sum < ${CREDENTIALS_DIRECTORY}/password > /run/seen; exec /bin/sleep infinity"',
    },
    "X-Fleet": { MachineMetadata: "role=web" },
};

describe("secrets of a service", { skip }, () => {
    const step = steps();
    let stack: TestStack;
    let view: ClusterView;
    let password = "first-hidden-$value 'with' \"quotes\"";
    const values = [password];

    before(async () => {
        const args = {
            members: { count: 1 },
            workers: { web: { count: 2, metadata: { role: "web" } } },
            fleet: { agentTtl: 6, engineReconcileInterval: 1 },
        };
        const program = `${bareCluster("secrets", args)}
new coreos.Service("vault", {
    cluster,
    unit: ${JSON.stringify(unit)},
    // Delivered to the machines with role=web.
    secrets: { password: process.env.PASSWORD, token: pulumi.secret(process.env.PASSWORD).apply((text) => text + text) },
});
`;
        stack = await TestStack.create("pulumi-coreos-e2e", program);
    });

    after(() => stack.dispose());

    const wrapper = () => ["env", `PASSWORD=${password}`];
    const up = (...more: string[]) =>
        stack.succeed(["up", "--yes", "--skip-preview", "--diff", ...more], wrapper());
    const unchanged = () => stack.succeed(["preview", "--expect-no-changes", "--diff"], wrapper());

    /** What lies on a machine. */
    const lying = (machine: string): Promise<string> =>
        view.ssh(
            machine,
            `sudo sh -c 'cd ${directory} && stat --format="%n %a %U" . * && cat password token'`,
        );
    const expected = () =>
        [". 700 root", "password 600 root", "token 600 root", password.repeat(3)].join("\n");
    const holds = async (...machines: readonly string[]): Promise<void> => {
        for (const machine of machines) {
            assert.equal(await lying(machine), expected(), machine);
        }
    };

    /** The machine on which the service runs, once its program there has seen the password. */
    const running = (): Promise<string> =>
        eventually("the service to run with its secret", async () => {
            const [only, ...others] = await view.units();
            assert.deepEqual([only?.unit, only?.active, others], ["vault.service", "active", []]);
            const machine = only?.machine ?? "";
            const sum = createHash("sha256").update(password).digest("hex");
            assert.equal(await view.ssh(machine, "cat /run/seen"), `${sum}  -`);
            return machine;
        });

    const kill = async (machine: string): Promise<void> => {
        const [network = ""] = await stack.networks();
        const uuid = (await readMachineManifest(network, machine))?.uuid ?? "";
        const { init } = await machineProcesses(uuid);
        assert.ok(init, `${machine} does not run`);
        process.kill(init.pid, "SIGKILL");
    };

    step("are files for root on each machine that may run it, and on no other", async () => {
        await stack.succeed(["preview", "--diff"], wrapper());
        await up();
        view = new ClusterView(await stack.outputs());
        await holds("secrets-web-1", "secrets-web-2");
        await running();
        await view.ssh("secrets-1", "sudo test ! -e /var/lib/pulumi-coreos/secrets");
        await unchanged();
    });

    step("a changed value is written anew, and the service runs with it", async () => {
        const [before] = await Promise.all([view.fleetctl("cat", "vault.service"), running()]);
        password = "second-hidden-value";
        values.push(password);
        await stack.succeed(["preview", "--diff"], wrapper());
        await up();
        await holds("secrets-web-1", "secrets-web-2");
        await running();
        assert.notEqual(await view.fleetctl("cat", "vault.service"), before);
        await unchanged();
    });

    step("a file that was changed by hand is seen by refresh, and put right", async () => {
        await view.ssh("secrets-web-1", `echo other | sudo tee ${directory}/token`);
        await stack.succeed(["refresh", "--yes", "--skip-preview", "--diff"], wrapper());
        await up();
        await holds("secrets-web-1", "secrets-web-2");
    });

    let dead = "";
    step("the machine that runs it dies: it goes on elsewhere, with them", async () => {
        dead = await running();
        await kill(dead);
        await eventually("the service to move", async () => {
            assert.notEqual(await running(), dead);
        });
        await unchanged();
    });

    step(
        "a change is delivered to those that live, and to the dead one when it is back",
        async () => {
            password = "third-hidden-value";
            values.push(password);
            const output = await up();
            assert.match(
                output,
                new RegExp(`vault are not on every machine yet, and go there .*: ${dead} \\(`),
            );
            await running();
            await stack.succeed(["refresh", "--yes", "--skip-preview", "--diff"], wrapper());
            await up();
            await holds("secrets-web-1", "secrets-web-2");
            await unchanged();
        },
    );

    step("a machine that is made anew, and one that joins, have them at once", async () => {
        const exported = JSON.parse(await stack.succeed(["stack", "export"]));
        const resources: { urn: string; type: string }[] = exported.deployment.resources;
        const urn = resources.find(
            (one) =>
                one.type.endsWith(resourceType(PROVIDERS.localMachine)) &&
                one.urn.endsWith(`::${dead}`),
        )?.urn;
        assert.ok(urn !== undefined);
        stack.edit('"count": 2', '"count": 3');
        const old = view.outputs.machines.find(({ name }) => name === dead)?.machineId;
        const preview = await stack.succeed(["preview", "--replace", urn], wrapper());
        assert.match(
            preview,
            /~\s+pulumi-nodejs:dynamic\/coreos:ServiceSecrets\s+vault-secrets\s+update/,
        );
        assert.doesNotMatch(preview, /coreos:Service\s+vault\s+update/);
        await up("--replace", urn);
        view = new ClusterView(await stack.outputs());
        assert.notEqual(view.outputs.machines.find(({ name }) => name === dead)?.machineId, old);
        await holds("secrets-web-1", "secrets-web-2", "secrets-web-3");
        await running();
        await unchanged();
    });

    step("a value is in no state, no output, no unit, no user-data and no journal", async () => {
        const version = /Secrets=(\w+)/.exec(await view.fleetctl("cat", "vault.service"))?.[1];
        assert.match(version ?? "", /^[0-9a-f]{32}$/);
        const texts = [stack.transcript, await view.fleetctl("cat", "vault.service")];
        for (const machine of view.machines) {
            // Looked through here: a search there would put the value into the journal itself.
            const text = await view.ssh(
                machine,
                `sudo sh -c 'journalctl --no-pager --output=cat; cat /proc/*/cmdline; cat ${userData}'`,
            );
            assert.ok(text.includes("#cloud-config") && text.includes("Started"), machine);
            texts.push(text);
        }
        // Before the first character that JSON would escape.
        for (const value of values.map((whole) => whole.split(" ")[0] ?? whole)) {
            const state = await run("grep", ["-rlF", "--", value, stack.backend]);
            assert.deepEqual([state.code, state.stdout], [1, ""], state.output);
            assert.ok(texts.every((text) => !text.includes(value)));
        }
    });

    step("a service without secrets leaves none behind", async () => {
        stack.edit("secrets: {", "// secrets: {");
        stack.edit("sha256sum < ${CREDENTIALS_DIRECTORY}/password > /run/seen; ", "");
        await up();
        for (const machine of ["secrets-web-1", "secrets-web-2", "secrets-web-3"]) {
            await view.ssh(machine, `sudo test ! -e ${directory}`);
        }
    });
});
