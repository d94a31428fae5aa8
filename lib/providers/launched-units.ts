import type { FleetApiUnit, FleetClient, FleetUnitState } from "../clients/fleet.js";
import { fromOptions, parseUnitName, requirementsOf } from "../fleet/index.js";

/** A unit that fleet is to run on one machine, as fleet knows it. */
export interface LaunchedUnit {
    readonly name: string;
    /** Full id of the machine on which it is; absent where it is on none. */
    readonly machineID?: string;
    /** What keeps it from counting as one that runs; absent where nothing does. */
    readonly lack?: string;
    /** Whether it is being started: that may take long, and ends well. */
    readonly isStarting: boolean;
}

/** The units that fleet is to run, but templates and global ones. */
export async function launchedUnits(fleet: FleetClient): Promise<LaunchedUnit[]> {
    const [units, states] = await Promise.all([fleet.units(), fleet.states()]);
    return launchedAmong(units, states);
}

/** The same, of what fleet has said. */
export function launchedAmong(
    units: readonly FleetApiUnit[],
    states: readonly FleetUnitState[],
): LaunchedUnit[] {
    return units.filter(isToRunOnce).map(({ name, machineID = "" }) => {
        if (machineID === "") {
            return { name, lack: "on no machine", isStarting: false };
        }
        const state = states.find((one) => one.name === name && one.machineID === machineID);
        const { systemdActiveState: active = "", systemdSubState: sub = "" } = state ?? {};
        // A unit that crashes again and again is `activating` too.
        const isStarting = active === "activating" && sub !== "auto-restart";
        const lack = active === "active" ? {} : { lack: active === "" ? "not told of" : active };
        return { name, machineID, ...lack, isStarting };
    });
}

function isToRunOnce({ name, desiredState, options = [] }: FleetApiUnit): boolean {
    return (
        desiredState === "launched" &&
        !parseUnitName(name).isTemplate &&
        !requirementsOf(fromOptions(options), name).global
    );
}
