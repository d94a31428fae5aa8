import { isDeepStrictEqual } from "node:util";
import {
    type OperationContext,
    PartialFailureError,
    type ResourceHandler,
} from "../../providers/handler.js";
import { readConfigDrive } from "./config-drive.js";
import { machineId, machinePaths } from "./disk.js";
import {
    createMachine,
    deleteMachine,
    readMachine,
    type StartOptions,
    startMachine,
    stopMachine,
    updateMachine,
} from "./machine.js";
import { type MachineManifest, readMachineManifest } from "./manifest.js";
import { resumeMachine } from "./resume.js";

/** What a machine is declared with. */
export interface MachineInputs {
    readonly networkId: string;
    /** Unique in its network. */
    readonly name: string;
    readonly hostname: string;
    /** Address with prefix length: `10.80.0.11/24`. */
    readonly address: string;
    readonly imageId: string;
    /** The cloud-config; a new one is applied at the next boot. */
    readonly userData: string;
    /** Public keys that log in as `core`; new ones are added at the next boot. */
    readonly sshAuthorizedKeys: readonly string[];
    /** Whether it is to run; a machine found stopped is then started on its own disk. */
    readonly running: boolean;
    /** What new user-data does; absent where it waits for the next boot. */
    readonly rollout?: "reboot" | "in-place" | "replace";
    /** Becomes `/etc/machine-id`; random where it is absent. */
    readonly uuid?: string;
}

/** A machine on this host. */
export interface MachineState extends MachineInputs {
    /** Another one means another disk. */
    readonly instanceId: string;
    /** `/etc/machine-id`, and so fleet's machine id. */
    readonly machineId: string;
    readonly privateIp: string;
    /** When it was last started by Pulumi, in milliseconds since the epoch. */
    readonly started: number;
}

const REPLACED_BY = ["networkId", "name", "address", "imageId", "uuid"] as const;
const UPDATED_BY = ["hostname", "userData", "sshAuthorizedKeys", "running"] as const;

/** What a machine is told at boot. */
const ON_DRIVE = ["hostname", "userData", "sshAuthorizedKeys"] as const;

/** What of it no units are in. */
const BESIDE_TEXT = ["hostname", "sshAuthorizedKeys"] as const;

const START_LIMIT = 60_000;
/** A machine that is deleted may leave its cluster in order, but not hold up the others. */
const POWER_OFF_LIMIT = 5_000;

/** A machine: a container that boots systemd from a disk of its own. */
export const machineHandler: ResourceHandler<MachineInputs, MachineState> = {
    diff(_id, state, inputs) {
        const replacing =
            inputs.rollout === "replace" ? [...REPLACED_BY, "userData" as const] : REPLACED_BY;
        const replaces = replacing.filter((name) => differ(state, inputs, [name]));
        const changes = replaces.length > 0 || differ(state, inputs, UPDATED_BY);
        return { changes, replaces, deleteBeforeReplace: true };
    },
    async create(inputs, context) {
        const { networkId: network, name } = inputs;
        const spec = { ...inputs, network };
        try {
            const resumed = await resumeMachine(spec, startOptions(context));
            if (resumed === undefined) {
                await createMachine(spec, startOptions(context));
            } else {
                context.info(`took over machine ${name}, which an interrupted update had made`);
            }
        } catch (cause) {
            const left = await readMachineManifest(network, name);
            if (left === undefined) {
                throw cause;
            }
            const state = { ...stateOf(inputs, left), running: false };
            const message = cause instanceof Error ? cause.message : String(cause);
            throw new PartialFailureError(message, { id: left.instanceId, state });
        }
        if (!inputs.running) {
            await stopMachine(network, name);
        }
        const manifest = await requireOwn(inputs);
        return { id: manifest.instanceId, state: stateOf(inputs, manifest) };
    },
    async read(id, state) {
        const manifest = await readMachineManifest(state.networkId, state.name);
        if (manifest?.instanceId !== state.instanceId) {
            return undefined;
        }
        const drive = await readConfigDrive(machinePaths(state.networkId, state.name).configDrive);
        const running = (await readMachine(state.networkId, state.name)) === "running";
        return { id, state: { ...state, ...drive, running, started: manifest.started } };
    },
    async update(_id, state, inputs, context) {
        const { networkId: network, name } = inputs;
        await requireOwn(state);
        await updateMachine(network, name, inputs);
        const waits = inputs.rollout === "in-place" ? BESIDE_TEXT : ON_DRIVE;
        if (state.running && inputs.running && differ(state, inputs, waits)) {
            context.warn(
                `machine ${name} runs on with its old cloud-config and keys, and applies the new ones at its next boot; reboot one machine after the other`,
            );
        }
        if (inputs.running) {
            await startMachine(network, name, startOptions(context));
        } else {
            await stopMachine(network, name);
        }
        return stateOf(inputs, await requireOwn(state));
    },
    async delete(_id, state) {
        const manifest = await readMachineManifest(state.networkId, state.name);
        if (manifest?.instanceId === state.instanceId) {
            await deleteMachine(state.networkId, state.name, POWER_OFF_LIMIT);
        }
    },
};

/** Whether one of these inputs is another one; one that is not known yet is none. */
function differ(
    state: MachineState,
    inputs: MachineInputs,
    names: readonly (keyof MachineInputs)[],
): boolean {
    return names.some(
        (name) => inputs[name] !== undefined && !isDeepStrictEqual(inputs[name], state[name]),
    );
}

function stateOf(inputs: MachineInputs, manifest: MachineManifest): MachineState {
    return {
        ...inputs,
        instanceId: manifest.instanceId,
        machineId: machineId(manifest.uuid),
        privateIp: manifest.address.split("/")[0] ?? "",
        started: manifest.started,
    };
}

async function requireOwn(
    expected: Pick<MachineInputs, "networkId" | "name"> & { readonly instanceId?: string },
): Promise<MachineManifest> {
    const { networkId, name, instanceId } = expected;
    const found = await readMachineManifest(networkId, name);
    if (found === undefined || (instanceId ?? found.instanceId) !== found.instanceId) {
        throw new Error(`Machine "${name}" is not on this host any more: run "pulumi refresh".`);
    }
    return found;
}

function startOptions(context: OperationContext): StartOptions {
    const left = context.deadline - Date.now();
    return {
        limit: Math.max(1_000, Math.min(START_LIMIT, left)),
        progress: (message) => context.progress(message),
    };
}
