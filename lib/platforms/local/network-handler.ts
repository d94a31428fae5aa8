import type { ResourceHandler } from "../../providers/handler.js";
import { requireHost } from "./host-checks.js";
import { createNetwork, gatewayAddress, readNetwork, requireFreeNetwork } from "./network.js";
import { sweep } from "./sweep.js";

/** What a network is declared with. */
export interface NetworkInputs {
    /** Unique on this host; lower-case letters, digits and hyphens. */
    readonly networkId: string;
    /** Name of the Linux bridge, up to 15 characters. */
    readonly bridge: string;
    /** `10.80.0.0/24`. */
    readonly subnet: string;
    /** Machines that it is meant for; the host's limits go by it. */
    readonly machines: number;
    /** `project/stack`, by which what an interrupted update left is found. */
    readonly owner?: string;
}

/** A network on this host. */
export interface NetworkState extends NetworkInputs {
    /** The host's own address in it. */
    readonly gateway: string;
    /** False after a reboot of the host, until the next update. */
    readonly active: boolean;
}

const REPLACED_BY = ["networkId", "bridge", "subnet"] as const;

/** Milliseconds that a machine which the state does not know has to power itself off. */
const POWER_OFF_LIMIT = 3_000;

/** A network: bridge, firewall, outbound NAT and kernel limits. */
export const networkHandler: ResourceHandler<NetworkInputs, NetworkState> = {
    async check(inputs, state) {
        if (state !== undefined && REPLACED_BY.every((name) => state[name] === inputs[name])) {
            return [];
        }
        const { networkId: id, bridge, subnet, machines } = inputs;
        try {
            await requireFreeNetwork({ id, bridge, subnet, machines });
            return [];
        } catch (cause) {
            const message = cause instanceof Error ? cause.message : String(cause);
            // What else the host lacks is told when the network is made: a preview may run elsewhere.
            const [, path, allowed] = /^Option (\w+): (.*)\.$/.exec(message) ?? [];
            return path === undefined || allowed === undefined ? [] : [{ path, allowed }];
        }
    },
    diff(_id, state, inputs) {
        const replaces = REPLACED_BY.filter(
            (name) => inputs[name] !== undefined && inputs[name] !== state[name],
        );
        const changes = replaces.length > 0 || state.machines !== inputs.machines || !state.active;
        return { changes, replaces, deleteBeforeReplace: true };
    },
    async create(inputs) {
        await rejectOther(inputs.networkId);
        return { id: inputs.networkId, state: await bringUp(inputs) };
    },
    async read(id, state) {
        const found = await readNetwork(state.networkId);
        if (found === undefined) {
            return undefined;
        }
        const { bridge, subnet, machines } = found.manifest;
        return { id, state: { ...state, bridge, subnet, machines, active: found.active } };
    },
    async update(_id, _state, inputs) {
        return bringUp(inputs);
    },
    async delete(_id, state) {
        await sweep({ network: state.networkId, powerOffLimit: POWER_OFF_LIMIT });
    },
};

async function bringUp(inputs: NetworkInputs): Promise<NetworkState> {
    const { networkId: id, bridge, subnet, machines, owner } = inputs;
    await requireHost(machines);
    const made = owner === undefined ? {} : { owner, directory: process.cwd() };
    await createNetwork({ id, bridge, subnet, machines, ...made });
    return {
        ...inputs,
        gateway: gatewayAddress(subnet),
        active: true,
    };
}

/** Pulumi starts its provider process in the program's directory. */
async function rejectOther(networkId: string): Promise<void> {
    const found = await readNetwork(networkId);
    const { directory, owner } = found?.manifest ?? {};
    if (directory !== undefined && directory !== process.cwd()) {
        throw new Error(
            `Stack ${owner} is already up on this host, from ${directory}: destroy it there, or choose another stack name here.`,
        );
    }
}
