import assert from "node:assert/strict";
import { machinePaths } from "../../../lib/platforms/local/disk.js";
import { tableName } from "../../../lib/platforms/local/firewall.js";
import {
    listMachines,
    readMachineManifest,
    readNetworkManifest,
} from "../../../lib/platforms/local/manifest.js";
import { machineProcesses } from "../../../lib/platforms/local/processes.js";
import { run, succeed } from "./run.js";
import { eventually } from "./steps.js";

/**
 * What a crash of the host does to a network: its machines end at once and with no warning, mounts,
 * bridge and firewall are gone; the files stay.
 */
export async function crash(network: string): Promise<void> {
    for (const name of await listMachines(network)) {
        const uuid = (await readMachineManifest(network, name))?.uuid ?? "";
        const { init } = await machineProcesses(uuid);
        assert.ok(init, `${name} does not run`);
        process.kill(init.pid, "SIGKILL");
        await eventually(`the processes of ${name} to end`, async () => {
            assert.deepEqual(await machineProcesses(uuid), {});
        });
        const { root } = machinePaths(network, name);
        // systemd-nspawn's own mount may be a layer above.
        while ((await run("mountpoint", ["-q", root])).code === 0) {
            await succeed("umount", [root]);
        }
    }
    const bridge = (await readNetworkManifest(network))?.bridge ?? "";
    await succeed("ip", ["link", "delete", "dev", bridge]);
    await succeed("nft", ["delete", "table", "inet", tableName(bridge)]);
}
