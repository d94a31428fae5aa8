import {
    ClusterAccess,
    type Connection,
    EtcdClient,
    FleetClient,
    type FleetUnitState,
    SshSession,
} from "../clients/index.js";
import { FLEET_UNIT } from "../fleet/daemon-units.js";
import { parseUnitName } from "../fleet/index.js";
import type { ClusterOutputs, MachineOutput } from "./outputs.js";

/** Whether fleet sees a machine, does not, does not answer at all, or is not part of the cluster. */
export type FleetSight = "seen" | "missing" | "silent" | "none";

/** A machine as it is now. */
export interface MachineStatus extends MachineOutput {
    /** `healthy`, or what etcd on it, or the way to it, says instead. */
    readonly etcd: string;
    readonly fleet: FleetSight;
}

/** One unit as fleet has it now. */
export interface UnitStatus {
    readonly name: string;
    /** Name of the machine that it is on, or its id in fleet; absent where it is nowhere. */
    readonly machine?: string;
    /** State that fleet was asked for. */
    readonly desired: string;
    /** systemd's active and sub state: `active/running`. */
    readonly state: string;
}

/** A declared service and how many of its instances run. */
export interface ServiceStatus {
    readonly name: string;
    readonly declared: number;
    readonly active: number;
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

const connectLimit = 5_000;

/** Asks every machine for etcd's health, and fleet for machines and units. A machine that is down is part of the answer. */
export async function readStatus(outputs: ClusterOutputs): Promise<ClusterStatus> {
    const [health, fleet] = await Promise.all([
        Promise.all(
            outputs.machines.map((machine) => etcdHealth(outputs.connection, machine.name)),
        ),
        askFleet(outputs.connection),
    ]);
    const machines = outputs.machines.map((machine, index) => ({
        ...machine,
        etcd: health[index] ?? "not asked",
        fleet: sightOf(machine, fleet),
    }));
    const units = "seen" in fleet ? describeUnits(fleet, outputs.machines) : [];
    return {
        machines,
        services: outputs.services.map(({ name, instances }) => ({
            name,
            declared: instances,
            active: units.filter((unit) => isInstanceOf(unit.name, name) && isActive(unit)).length,
        })),
        units,
        urls: outputs.urls,
        problems: "problem" in fleet ? [fleet.problem] : [],
    };
}

/** Whether a unit is one of a service's: `hello@1.service` or `hello.service` of `hello`. */
export function isInstanceOf(unit: string, service: string): boolean {
    const name = unit.replace(/\.[a-z]+$/, "");
    return name === service || name.startsWith(`${service}@`);
}

/** Whether the unit does what it was asked for. */
export function isActive(unit: UnitStatus): boolean {
    return unit.state.startsWith("active/");
}

async function etcdHealth(connection: Connection, machine: string): Promise<string> {
    const host = connection.hosts.find(({ name }) => name === machine);
    if (host === undefined) {
        return "not asked";
    }
    try {
        const session = await SshSession.open(connection, host, connectLimit);
        try {
            const { healthy, reason } = await new EtcdClient(session).health();
            return healthy ? "healthy" : reason || "unhealthy";
        } finally {
            session.close();
        }
    } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        return text.startsWith(`${machine} `) ? text.slice(text.indexOf(": ") + 2) : text;
    }
}

interface FleetAnswer {
    readonly seen: readonly string[];
    readonly units: Awaited<ReturnType<FleetClient["units"]>>;
    readonly states: readonly FleetUnitState[];
}

/** There is no fleet to ask, or why it did not answer. */
type NoAnswer = { readonly absent: true } | { readonly problem: string };

function sightOf(machine: MachineOutput, fleet: FleetAnswer | NoAnswer): FleetSight {
    if (!("seen" in fleet)) {
        return "absent" in fleet ? "none" : "silent";
    }
    return fleet.seen.includes(machine.machineId) ? "seen" : "missing";
}

async function askFleet(connection: Connection): Promise<FleetAnswer | NoAnswer> {
    const access = new ClusterAccess(connection);
    try {
        const client = new FleetClient(access);
        const [machines, units, states] = await Promise.all([
            client.machines(),
            client.units(),
            client.states(),
        ]);
        return { seen: machines.map(({ id }) => id), units, states };
    } catch (error) {
        if (await lacksFleet(access)) {
            return { absent: true };
        }
        const why = error instanceof Error ? error.message : String(error);
        return { problem: `fleet does not answer: ${why}` };
    } finally {
        await access.close();
    }
}

async function lacksFleet(access: ClusterAccess): Promise<boolean> {
    try {
        const known = await (await access.session()).exec(`systemctl cat ${FLEET_UNIT}`);
        return known.code !== 0;
    } catch {
        return false;
    }
}

function describeUnits(fleet: FleetAnswer, machines: readonly MachineOutput[]): UnitStatus[] {
    return fleet.units
        .filter((unit) => !parseUnitName(unit.name).isTemplate)
        .map((unit) => {
            const state = fleet.states.find(
                ({ name, machineID }) => name === unit.name && machineID === unit.machineID,
            );
            const id = unit.machineID;
            const machine = machines.find(({ machineId }) => machineId === id)?.name ?? id;
            return {
                name: unit.name,
                ...(machine === undefined || machine === "" ? {} : { machine }),
                desired: unit.desiredState ?? "",
                state: `${state?.systemdActiveState ?? "inactive"}/${state?.systemdSubState ?? "unknown"}`,
            };
        })
        .sort((one, other) => one.name.localeCompare(other.name, "en", { numeric: true }));
}
