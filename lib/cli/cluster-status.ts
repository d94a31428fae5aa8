import { ClusterAccess, EtcdClient, FleetClient } from "../clients/index.js";
import { FLEET_UNIT } from "../fleet/daemon-units.js";
import { inTime, MachineSessions, PATIENCE } from "./machine-sessions.js";
import type { ClusterOutputs, MachineOutput } from "./outputs.js";
import { withErrors } from "./unit-errors.js";
import {
    countActive,
    type FleetAnswer,
    isUnwell,
    listUnits,
    type ServiceStatus,
    type UnitStatus,
} from "./unit-list.js";
import { withSystemdStates } from "./unit-states.js";

/** Whether fleet sees a machine, does not, does not answer at all, or is not part of the cluster. */
export type FleetSight = "seen" | "missing" | "silent" | "none";

/** A machine as it is now. */
export interface MachineStatus extends Omit<MachineOutput, "etcd" | "fleet"> {
    /** `healthy`, what etcd on it says instead, or `no answer`; `-` where it runs none. */
    readonly etcd: string;
    readonly fleet: FleetSight;
    /** Why it does not answer; absent where it does. */
    readonly error?: string;
}

/** A cluster as it is now. */
export interface ClusterStatus {
    readonly machines: readonly MachineStatus[];
    readonly services: readonly ServiceStatus[];
    readonly units: readonly UnitStatus[];
    readonly urls: readonly string[];
    /** What could not be asked, one sentence each. */
    readonly problems: readonly string[];
}

/** Looks at a cluster, once or again and again, through sessions that are kept open between two looks. */
export class ClusterLook {
    private readonly sessions: MachineSessions;
    private readonly access: ClusterAccess;

    /** @param limit milliseconds that each machine has to answer */
    constructor(
        private readonly outputs: ClusterOutputs,
        private readonly limit: number = PATIENCE,
    ) {
        this.sessions = new MachineSessions(outputs.connection, limit);
        this.access = new ClusterAccess(outputs.connection);
    }

    /** Asks every machine for etcd's health, and fleet for machines and units. A machine that is down is part of the answer. */
    async read(): Promise<ClusterStatus> {
        const { machines, services, urls } = this.outputs;
        const [health, fleet] = await Promise.all([
            Promise.all(machines.map((machine) => this.etcdHealth(machine))),
            machines.every((machine) => machine.fleet === false)
                ? { absent: true as const }
                : this.askFleet(),
        ]);
        const listed = "units" in fleet ? listUnits(fleet, machines) : [];
        const seen = await withSystemdStates(listed, this.sessions);
        const units = await withErrors(seen, this.sessions);
        return {
            machines: machines.map((machine, index) => ({
                ...machine,
                etcd: "not asked",
                ...health[index],
                fleet: sightOf(machine, fleet),
            })),
            services: services.map((service) => countActive(service, units)),
            units,
            urls,
            problems: "problem" in fleet ? [fleet.problem] : [],
        };
    }

    /** Ends the sessions. */
    async close(): Promise<void> {
        await Promise.all([this.sessions.close(), this.access.close()]);
    }

    private async etcdHealth(
        machine: MachineOutput,
    ): Promise<Pick<MachineStatus, "etcd" | "error">> {
        try {
            if (machine.etcd === false) {
                await this.sessions.on(machine.name, async () => undefined);
                return { etcd: "-" };
            }
            const { healthy, reason } = await this.sessions.on(machine.name, (session) =>
                new EtcdClient(session).health(),
            );
            return { etcd: healthy ? "healthy" : reason || "unhealthy" };
        } catch (error) {
            return { etcd: "no answer", error: messageOf(error) };
        }
    }

    private async askFleet(): Promise<FleetAnswer | NoAnswer> {
        try {
            const client = new FleetClient(this.access);
            const asked = [client.machines(), client.units(), client.states()] as const;
            const [machines, units, states] = await inTime(Promise.all(asked), this.limit);
            return { machines, units, states };
        } catch (error) {
            if (await this.lacksFleet()) {
                return { absent: true };
            }
            return { problem: `fleet does not answer: ${messageOf(error)}` };
        }
    }

    private async lacksFleet(): Promise<boolean> {
        try {
            const session = await inTime(this.access.session(), this.limit);
            const known = await inTime(session.exec(`systemctl cat ${FLEET_UNIT}`), this.limit);
            return known.code !== 0 && session.isOpen;
        } catch {
            return false;
        }
    }
}

/** One look, for which each machine has so many milliseconds to answer. */
export async function readStatus(
    outputs: ClusterOutputs,
    limit: number = PATIENCE,
): Promise<ClusterStatus> {
    const look = new ClusterLook(outputs, limit);
    try {
        return await look.read();
    } finally {
        await look.close();
    }
}

/** Whether everything is as it should be. */
export function isWell({ problems, machines, services, units }: ClusterStatus): boolean {
    return (
        problems.length === 0 &&
        machines.every(
            ({ etcd, fleet }) =>
                (etcd === "healthy" || etcd === "-") && (fleet === "seen" || fleet === "none"),
        ) &&
        services.every(({ active, declared }) => active === declared) &&
        !units.some(isUnwell)
    );
}

/** There is no fleet to ask, or why it did not answer. */
type NoAnswer = { readonly absent: true } | { readonly problem: string };

function sightOf(machine: MachineOutput, fleet: FleetAnswer | NoAnswer): FleetSight {
    if (machine.fleet === false) {
        return "none";
    }
    if ("units" in fleet) {
        return fleet.machines.some(({ id }) => id === machine.machineId) ? "seen" : "missing";
    }
    return "absent" in fleet ? "none" : "silent";
}

function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
