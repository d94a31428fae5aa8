import { quoteShell, type SshSession } from "../clients/index.js";
import type { MachineSessions } from "./machine-sessions.js";
import { isUnreported, type UnitStatus } from "./unit-list.js";
import { askMachines } from "./unit-questions.js";

/**
 * The same units; those of which fleet has no word at the moment are as systemd on their machine has them. What one agent
 * forgets takes another's word along for up to 24 s, while the unit runs.
 */
export async function withSystemdStates(
    units: readonly UnitStatus[],
    sessions: MachineSessions,
): Promise<UnitStatus[]> {
    // One that does not answer is told of as the unit's error.
    const stateOf = await askMachines(
        units.filter(isUnreported),
        sessions,
        systemdStates,
        () => new Map(),
    );
    return units.map((unit) => {
        const state = isUnreported(unit) ? stateOf(unit) : undefined;
        return state === undefined ? unit : { ...unit, state };
    });
}

/** Active and sub state of each unit that systemd answers for (org.freedesktop.systemd1(5)). */
async function systemdStates(
    session: SshSession,
    names: readonly string[],
): Promise<Map<string, string>> {
    const words = names.map(quoteShell).join(" ");
    const { stdout } = await session.exec(
        `systemctl show --property=Id,ActiveState,SubState -- ${words}`,
    );
    const states = new Map<string, string>();
    for (const block of stdout.split(/\n{2,}/)) {
        const value = (name: string): string | undefined =>
            new RegExp(`^${name}=(.+)$`, "m").exec(block)?.[1];
        const [id, active, sub] = [value("Id"), value("ActiveState"), value("SubState")];
        if (id !== undefined && active !== undefined && sub !== undefined) {
            states.set(id, `${active}/${sub}`);
        }
    }
    return states;
}
