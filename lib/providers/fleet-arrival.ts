import { FleetClient } from "../clients/fleet.js";
import { journalReport } from "../clients/journal.js";
import type { SshSession } from "../clients/ssh.js";
import { GiveUpError, type Sighting, waitFor } from "../clients/wait.js";
import type { OperationContext } from "./handler.js";
import { launchedUnits } from "./launched-units.js";
import { showUnit } from "./unit-show.js";
import { judge } from "./unit-status.js";

/** Milliseconds until fleet sees a new machine, which may have to fetch its programs first, and all units run. */
const LIMIT = 300_000;
/** Milliseconds for which all must have run. */
const SETTLE = 1_000;
/** Milliseconds for which a unit is waited for that nobody starts: it may fit no machine, or have ended its work. */
const PATIENCE = 20_000;

/**
 * Waits until fleet sees a machine that was made anew in the place of another, and everything runs that fleet is to run:
 * on this machine, and what has moved to another one. Then the next machine can go.
 *
 * @param predecessor id of the machine before it: fleet lists one that had no time to say goodbye until its
 *     `agent_ttl` is over, and leaves its units with it
 * @throws Error where fleet does not see it, or a unit does not run there, with the last lines of its journal
 */
export async function fleetArrival(
    session: SshSession,
    predecessor: string | undefined,
    context: OperationContext,
): Promise<void> {
    const { name } = session.host;
    const fleet = new FleetClient(session);
    const id = await machineIdOf(session);
    let seenAt: number | undefined;
    let calmAt: number | undefined;
    const look = async (): Promise<Sighting<void>> => {
        const machines = await fleet.machines();
        if (!machines.some((machine) => machine.id === id)) {
            return { waiting: "fleet does not list it" };
        }
        if (predecessor !== id && machines.some((machine) => machine.id === predecessor)) {
            return { waiting: "fleet still lists the machine before it" };
        }
        seenAt ??= Date.now();
        const isPatient = Date.now() - seenAt < PATIENCE;
        const launched = await launchedUnits(fleet);
        const slow = launched.flatMap((unit) =>
            unit.machineID !== id && unit.lack !== undefined && (isPatient || unit.isStarting)
                ? [`${unit.name} is ${unit.lack}`]
                : [],
        );
        for (const unit of launched.filter(({ machineID }) => machineID === id)) {
            const seen = await unitSeen(session, unit.name);
            if (seen !== undefined) {
                slow.push(`${unit.name} is ${seen}`);
            }
        }
        calmAt = slow.length === 0 ? (calmAt ?? Date.now()) : undefined;
        if (calmAt === undefined || Date.now() - calmAt < SETTLE) {
            return { waiting: slow.length === 0 ? "all units run" : fewOf(slow) };
        }
        return { done: undefined };
    };
    await waitFor(
        `fleet to run everything now that ${name} is there`,
        {
            deadline: Math.min(context.deadline, Date.now() + LIMIT),
            onWaiting: (seen) => context.progress(`${name}: ${seen}`),
        },
        look,
    );
}

/** A machine's `/etc/machine-id`, which is fleet's id of it too (machine-id(5)). */
export async function machineIdOf(session: SshSession): Promise<string> {
    return (await session.exec("cat /etc/machine-id")).stdout.trim();
}

/** What a unit that does not run yet is seen as; nothing of one that runs. */
async function unitSeen(session: SshSession, name: string): Promise<string | undefined> {
    const shown = await showUnit(session, name);
    const verdict = shown === undefined ? undefined : judge(shown);
    switch (verdict?.kind) {
        case undefined:
            return "not told of by systemd";
        case "runs":
            return undefined;
        case "waits":
            return verdict.seen;
        case "inactive":
            return verdict.isFine ? undefined : "not started";
        case "failed": {
            const what = `${name} failed on ${session.host.name}: ${verdict.why}`;
            throw new GiveUpError(`${what}\n${await journalReport(session, name)}`);
        }
    }
}

function fewOf(seen: readonly string[]): string {
    const rest = seen.length > 3 ? ` and ${seen.length - 3} more` : "";
    return `${seen.slice(0, 3).join(", ")}${rest}`;
}
