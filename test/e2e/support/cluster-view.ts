import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forward } from "../../../lib/cli/forward.js";
import type { ClusterOutputs } from "../../../lib/cli/outputs.js";
import { FLEET_SOCKET, withAccess } from "../../../lib/clients/index.js";
import { goBuild } from "../../../lib/platforms/local/go-build.js";
import { run, succeed } from "./run.js";
import { eventually } from "./steps.js";

/** A unit as `fleetctl list-units` shows it. */
export interface ListedUnit {
    readonly unit: string;
    /** Name of the machine that runs it. */
    readonly machine: string;
    /** systemd's active state. */
    readonly active: string;
}

/** An answer of the demo service. */
export interface Answer {
    readonly greeting: string;
    readonly unit: string;
    readonly machine: string;
}

/** A cluster seen from this host, with the original clients: etcdctl, fleetctl, ssh, HTTP. */
export class ClusterView {
    constructor(readonly outputs: ClusterOutputs) {}

    /** etcdctl's v3 API against all members. Its exit status must be 0. */
    etcdctl(...args: string[]): Promise<string> {
        const { machines, etcdEndpoints } = this.outputs;
        const [first] = machines;
        // A cloud lets nobody outside at what machines with public addresses offer on their private ones.
        return first === undefined || first.publicIp === null
            ? etcdctl("3", etcdEndpoints.join(","), ...args)
            : this.ssh(
                  first.name,
                  ["/opt/bin/etcdctl", `--endpoints=${etcdEndpoints.join(",")}`, ...args].join(" "),
              );
    }

    /** fleetctl through any machine that answers. Its exit status must be 0. */
    async fleetctl(...args: string[]): Promise<string> {
        const folder = await goBuild("fleet", () => {});
        return withAccess(this.outputs.connection, async (access) => {
            const session = await access.session();
            const temporary = mkdtempSync(join(tmpdir(), "pulumi-coreos-e2e-"));
            const socket = join(temporary, "fleet.sock");
            const tunnel = await forward(socket, () => session.dial({ socketPath: FLEET_SOCKET }));
            try {
                const environment = { ...process.env, FLEETCTL_ENDPOINT: `unix://${socket}` };
                return await succeed(join(folder, "fleetctl"), args, {
                    environment,
                    limit: 20_000,
                });
            } finally {
                tunnel.close();
                rmSync(temporary, { recursive: true, force: true });
            }
        });
    }

    /** Runs a command line on a machine. Its exit status must be 0. */
    async ssh(machine: string, command: string): Promise<string> {
        return withAccess(this.outputs.connection, async (access) => {
            const session = await access.to(machine);
            try {
                const { code, stdout, stderr } = await session.exec(command);
                assert.equal(code, 0, `${command} on ${machine}: ${stdout}${stderr}`);
                return stdout.trim();
            } finally {
                session.close();
            }
        });
    }

    /** Runs a command line that takes the connection away, and maybe its answer with it. */
    async orderAndLose(machine: string, command: string): Promise<void> {
        await this.ssh(machine, command).catch(() => undefined);
    }

    /** Names of the machines. */
    get machines(): string[] {
        return this.outputs.machines.map(({ name }) => name);
    }

    /** Address of a machine. */
    address(machine: string): string {
        const found = this.outputs.machines.find(({ name }) => name === machine);
        assert.ok(found, `no machine ${machine}`);
        return found.privateIp;
    }

    /** Names of the machines that fleet lists. */
    async fleetMachines(): Promise<string[]> {
        const text = await this.fleetctl(
            "list-machines",
            "--no-legend",
            "--full",
            "--fields=machine",
        );
        return lines(text).map((line) => this.nameOf(line.trim()));
    }

    /** The units that fleet lists, by name. */
    async units(): Promise<ListedUnit[]> {
        const fields = "--fields=unit,machine,active";
        const text = await this.fleetctl("list-units", "--no-legend", "--full", fields);
        return lines(text)
            .map((line) => line.trim().split(/\s+/))
            .map(([unit = "", machine = "", active = ""]) => ({
                unit,
                machine: this.nameOf(machine.split("/")[0] ?? ""),
                active,
            }))
            .sort((a, b) => a.unit.localeCompare(b.unit));
    }

    /** A unit as fleet lists it, once it does: without a word from an agent it leaves it out, for up to 24 s. */
    unit(name: string): Promise<ListedUnit> {
        return eventually(
            `fleet to list ${name}`,
            async () => {
                const found = (await this.units()).find(({ unit }) => unit === name);
                assert.ok(found);
                return found;
            },
            40,
        );
    }

    /**
     * What each URL of the outputs answers; nothing for those that refuse the connection.
     *
     * @param dead a machine that is not asked
     */
    async answers(dead?: string): Promise<Answer[]> {
        const silent = dead === undefined ? "" : `http://${this.address(dead)}:`;
        const asked = this.outputs.urls.filter(
            (url) => dead === undefined || !url.startsWith(silent),
        );
        const all = await Promise.all(asked.map(get));
        return all
            .filter((text) => text !== undefined)
            .map((text) => {
                const found = /^(?<greeting>.+) from (?<unit>\S+) on (?<machine>\S+)\n$/.exec(text);
                const { greeting = "", unit = "", machine = "" } = found?.groups ?? {};
                return { greeting, unit: `${unit}.service`, machine };
            })
            .sort((a, b) => a.unit.localeCompare(b.unit));
    }

    private nameOf(machineId: string): string {
        return (
            this.outputs.machines.find((machine) => machine.machineId === machineId)?.name ??
            machineId
        );
    }
}

/** What a {@link ClusterView} must show. */
export interface Expected {
    readonly units: readonly string[];
    readonly greeting: string;
}

/**
 * Checks from outside that all is well: every member healthy, every machine in fleet, exactly the
 * expected units active, each on a machine of its own that answers for it.
 */
export async function assertWell(view: ClusterView, expected: Expected): Promise<void> {
    const members = view.outputs.machines.filter(({ role }) => role === "member");
    const health = lines(await view.etcdctl("endpoint", "health", "--write-out=simple"));
    assert.equal(
        health.filter((line) => line.includes("is healthy")).length,
        view.outputs.etcdEndpoints.length,
        health.join("\n"),
    );
    const listed = JSON.parse(await view.etcdctl("member", "list", "--write-out=json"));
    assert.deepEqual(
        listed.members.map(({ name }: { name: string }) => name).sort(),
        members.map(({ name }) => name).sort(),
    );
    assert.deepEqual((await view.fleetMachines()).sort(), [...view.machines].sort());
    // Its list comes late: what one agent forgets takes another's word along, which comes back after 24 s.
    const units = await eventually(
        "fleet to list the units",
        async () => {
            const found = await view.units();
            assert.deepEqual(
                found.map(({ unit, active }) => `${unit} ${active}`),
                expected.units.map((unit) => `${unit} active`),
            );
            return found;
        },
        40,
    );
    const answers = await view.answers();
    assert.deepEqual(
        answers.map(({ unit, machine }) => ({ unit, machine, active: "active" })),
        units,
    );
    assert.deepEqual(
        answers.map(({ greeting }) => greeting),
        units.map(() => expected.greeting),
    );
}

/** Waits until {@link assertWell} holds. */
export function eventuallyWell(view: ClusterView, expected: Expected, seconds = 90): Promise<void> {
    return eventually("the cluster to be well", () => assertWell(view, expected), seconds);
}

/** Runs etcdctl with one of its APIs. Its exit status must be 0. */
export async function etcdctl(
    api: "2" | "3",
    endpoints: string,
    ...args: string[]
): Promise<string> {
    const folder = await goBuild("etcd", () => {});
    const environment = { ...process.env, ETCDCTL_API: api };
    const limits = api === "3" ? ["--dial-timeout=2s", "--command-timeout=5s"] : [];
    return succeed(join(folder, "etcdctl"), [`--endpoints=${endpoints}`, ...limits, ...args], {
        environment,
        limit: 20_000,
    });
}

/** The text behind a URL; `undefined` where nothing listens there. */
export async function get(url: string): Promise<string | undefined> {
    const { code, stdout } = await run("curl", ["-sS", "--max-time", "5", url]);
    if (code === 7) {
        return undefined;
    }
    assert.equal(code, 0, `curl ${url} ended with ${code}`);
    return stdout;
}

function lines(text: string): string[] {
    return text.split("\n").filter((line) => line.trim() !== "");
}
