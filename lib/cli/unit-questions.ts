import type { SshSession } from "../clients/index.js";
import type { MachineSessions } from "./machine-sessions.js";
import type { UnitStatus } from "./unit-list.js";

/** What a machine says of units, by their names. */
export type Answers = ReadonlyMap<string, string>;

/**
 * Asks each machine once, all side by side, about those of the units that are on it.
 *
 * @param silent stands for the answers of a machine that gives none
 * @returns what was said of a unit on its machine
 */
export async function askMachines(
    units: readonly UnitStatus[],
    sessions: MachineSessions,
    ask: (session: SshSession, names: readonly string[]) => Promise<Answers>,
    silent: (names: readonly string[]) => Answers,
): Promise<(unit: UnitStatus) => string | undefined> {
    const machines = [...new Set(units.flatMap(({ machine }) => machine ?? []))];
    const told = await Promise.all(
        machines.map(async (machine): Promise<[string, Answers]> => {
            const names = units.filter((unit) => unit.machine === machine).map(({ name }) => name);
            const said = sessions.on(machine, (session) => ask(session, names));
            return [machine, await said.catch(() => silent(names))];
        }),
    );
    const byMachine = new Map(told);
    return ({ name, machine }) => byMachine.get(machine ?? "")?.get(name);
}
