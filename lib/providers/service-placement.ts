import type { FleetApiUnit, FleetMachine } from "../clients/fleet.js";
import { fromOptions, unplaceableNow } from "../fleet/index.js";
import type { ServiceTools } from "./service-tools.js";
import type { Unplaceable } from "./unit-sight.js";
import { wantedUnit } from "./wanted-unit.js";

/** Why units have no machine now, and whether that may pass because a machine is missing. */
export async function whyUnplaced(tools: ServiceTools): Promise<Unplaceable> {
    const [machines, units] = await tools.retrying("fleet's list of machines", () =>
        Promise.all([tools.fleet.machines(), tools.fleet.units()]),
    );
    return {
        reasons: unplaceableAmong(tools, machines, units, []),
        isWhole: machines.length >= tools.inputs.connection.hosts.length,
    };
}

/**
 * Which of the declared units fleet can't place as the cluster is now, each with the reason.
 *
 * @param without names of units that are taken to be gone
 */
export async function findUnplaceable(
    tools: ServiceTools,
    without: readonly string[] = [],
): Promise<Map<string, string>> {
    const [machines, units] = await tools.retrying("fleet's list of machines", () =>
        Promise.all([tools.fleet.machines(), tools.fleet.units()]),
    );
    return unplaceableAmong(tools, machines, units, without);
}

function unplaceableAmong(
    { inputs, sessions }: ServiceTools,
    machines: readonly FleetMachine[],
    units: readonly FleetApiUnit[],
    without: readonly string[],
): Map<string, string> {
    return unplaceableNow(
        machines.map((machine) => ({ ...machine, name: sessions.nameOf(machine.id) })),
        units.filter(({ name }) => !without.includes(name)),
        inputs.units.map((name) => {
            const { options, state } = wantedUnit(name, inputs);
            return { name, unit: fromOptions(options), desiredState: state };
        }),
    );
}
