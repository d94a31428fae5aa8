import type { ClusterStatus, MachineStatus } from "./cluster-status.js";
import { table } from "./table.js";

/** The cluster as text: what is wrong before what is long. */
export function describeCluster(status: ClusterStatus): string[] {
    const machines = status.machines.map((machine) => [
        machine.name,
        machine.publicIp ?? machine.privateIp,
        machine.role,
        machine.etcd,
        fleetColumn(machine),
    ]);
    const units = status.units.map((unit) => [
        unit.name,
        unit.machine ?? "nowhere",
        unit.state,
        unit.desired,
    ]);
    return [
        ...(status.problems.length === 0 ? [] : [...status.problems, ""]),
        ...table(["MACHINE", "ADDRESS", "ROLE", "ETCD", "FLEET ID"], machines),
        ...errors(status),
        ...(units.length === 0
            ? []
            : ["", ...table(["UNIT", "MACHINE", "STATE", "WANTED"], units)]),
        ...shortfalls(status),
        ...(status.urls.length === 0 ? [] : ["", ...status.urls.map((url) => `curl ${url}`)]),
    ];
}

/** What `npm start` ends with. */
export function describeStart(status: ClusterStatus, stack: string): string[] {
    const option = stack === "local" ? "" : ` --stack ${stack}`;
    const separator = option === "" ? "" : " --";
    const first = status.machines[0]?.name ?? "MACHINE";
    return [
        "",
        ...describeCluster(status),
        "",
        ...table(
            ["NEXT", ""],
            [
                [`npm run ssh --${option} ${first}`, "a shell on a machine"],
                [`npm run status${separator}${option}`, "what runs where, now"],
                [`npm run destroy${separator}${option}`, "takes everything down"],
            ],
        ),
    ];
}

function fleetColumn({ fleet, machineId }: MachineStatus): string {
    const others = { missing: "not in fleet's list", silent: "fleet does not answer", none: "-" };
    return fleet === "seen" ? machineId : others[fleet];
}

/** The last error of each machine and unit that has one. */
function errors({ machines, units }: ClusterStatus): string[] {
    const rows = [
        ...machines.map(({ name, error }) => [name, error] as const),
        ...units.map(({ name, machine, error }) => {
            return [machine === undefined ? name : `${name} on ${machine}`, error] as const;
        }),
    ].flatMap(([what, error]) => (error === undefined ? [] : [[what, error]]));
    return rows.length === 0 ? [] : ["", ...table(["NOT WELL", "LAST ERROR"], rows)];
}

function shortfalls(status: ClusterStatus): string[] {
    return status.services
        .filter(({ active, declared }) => active !== declared)
        .map(
            ({ name, active, declared }) =>
                `${name}: ${active} of ${declared} declared instances are active`,
        );
}
