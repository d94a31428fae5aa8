import assert from "node:assert/strict";
import type { ClusterView } from "./cluster-view.js";
import { eventually } from "./steps.js";

/** Reboots machines, all at once, and waits until each has booted again. */
export async function reboot(view: ClusterView, names: readonly string[]): Promise<void> {
    const bootOf = (machine: string) =>
        view.ssh(
            machine,
            "cat /proc/sys/kernel/random/boot_id; systemctl show --value --property=UserspaceTimestampMonotonic",
        );
    const boots = await Promise.all(names.map(bootOf));
    await Promise.all(names.map((name) => view.orderAndLose(name, "sudo reboot")));
    await eventually(`${names.join(", ")} to boot again`, async () => {
        const now = await Promise.all(names.map(bootOf));
        assert.ok(now.every((boot, index) => boot !== boots[index]));
    });
}
