import type { ClusterMachine } from "../cluster-args.js";
import type { SshHost } from "../connection.js";
import type { PlannedMachine } from "../plan/index.js";
import type { ReadyMachine } from "../providers/readiness-inputs.js";

/** Where a machine is, once it is made. */
export interface MachineAddresses {
    readonly privateIp: string;
    readonly publicIp: string | null;
    readonly sshAddress: string;
}

/** A machine of the plan with where it is and what was seen of it. */
export interface SeenMachine {
    readonly plan: PlannedMachine;
    readonly addresses: MachineAddresses;
    readonly ready: ReadyMachine;
}

/**
 * The machines of the plan with what became of them.
 *
 * @throws Error for a machine that the readiness gate did not see
 */
export function seenMachines(
    plan: readonly PlannedMachine[],
    addresses: readonly MachineAddresses[],
    ready: readonly ReadyMachine[],
): SeenMachine[] {
    return plan.map((machine, index) => {
        const seen = ready.find(({ name }) => name === machine.name);
        const at = addresses[index];
        if (seen === undefined || at === undefined) {
            throw new Error(`machine ${machine.name} was not seen to be ready`);
        }
        return { plan: machine, addresses: at, ready: seen };
    });
}

/** What a stack shows of a machine. */
export function clusterMachine({ plan, addresses, ready }: SeenMachine): ClusterMachine {
    return {
        name: plan.name,
        role: plan.role,
        privateIp: addresses.privateIp,
        publicIp: addresses.publicIp,
        metadata: plan.metadata,
        machineId: ready.machineId,
        etcd: plan.etcd,
        fleet: plan.fleet,
    };
}

/** The machine as SSH reaches it. */
export function sshHost({ plan, addresses, ready }: SeenMachine): Required<Omit<SshHost, "port">> {
    const { hostKey, machineId } = ready;
    return { name: plan.name, address: addresses.sshAddress, hostKey, machineId };
}

/** The machines, those first through which fleet can be reached. */
export function fleetFirst(machines: readonly SeenMachine[]): SeenMachine[] {
    return [...machines].sort((one, other) => Number(other.plan.fleet) - Number(one.plan.fleet));
}

/** URL of each port that the machine exposes. */
export function exposedUrls({ plan, addresses }: SeenMachine): string[] {
    const address = addresses.publicIp ?? addresses.privateIp;
    return plan.expose.map((port) => `http://${address}:${port}`);
}
