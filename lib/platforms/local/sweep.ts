import { tidyState } from "./host-settings.js";
import { deleteMachine } from "./machine.js";
import { listMachines, listNetworks } from "./manifest.js";
import { removeNetwork } from "./network.js";

export { listNetworks } from "./manifest.js";

/** What a sweep is to take. */
export interface SweepOptions {
    /** Only this network; default all networks of this host. */
    readonly network?: string;
    /** Milliseconds that each machine has to power itself off; default 0, which kills it at once. */
    readonly powerOffLimit?: number;
    readonly progress?: (message: string) => void;
}

/**
 * Removes everything that the manifests know, after any crash: processes, mounts, links, bridge,
 * firewall, kernel settings, files. Idempotent.
 *
 * @returns the ids of the networks that were there.
 */
export async function sweep(options: SweepOptions = {}): Promise<string[]> {
    const all = await listNetworks();
    const networks = all.filter((id) => options.network === undefined || id === options.network);
    for (const id of networks) {
        const machines = await listMachines(id);
        options.progress?.(`removing network ${id} and ${machines.length} machines`);
        await Promise.all(
            machines.map((name) => deleteMachine(id, name, options.powerOffLimit ?? 0)),
        );
        await removeNetwork(id);
    }
    await tidyState();
    return networks;
}
