import { FleetClient } from "../clients/fleet.js";
import { journalReport } from "../clients/journal.js";
import type { SshSession } from "../clients/ssh.js";
import { GiveUpError, type Sighting, waitFor } from "../clients/wait.js";
import { fromOptions, parseUnitName, requirementsOf } from "../fleet/index.js";
import type { OperationContext } from "./handler.js";
import { showUnit } from "./unit-show.js";
import { judge } from "./unit-status.js";

/** Milliseconds until fleet sees a new machine, which may have to fetch its programs first, and its units run there. */
const LIMIT = 300_000;
/** Milliseconds for which a unit that waits for a machine is waited for: it may be one that fits none. */
const PLACEMENT = 20_000;

/**
 * Waits until fleet sees a machine that was made anew in the place of another, and runs what it gives it: units that had
 * no machine meanwhile too. Then the next one can go.
 *
 * @throws Error where fleet does not see it, or a unit does not run there, with the last lines of its journal
 */
export async function fleetArrival(session: SshSession, context: OperationContext): Promise<void> {
    const { name } = session.host;
    const fleet = new FleetClient(session);
    const id = (await session.exec("cat /etc/machine-id")).stdout.trim();
    let seenAt: number | undefined;
    const look = async (): Promise<Sighting<void>> => {
        if (!(await fleet.machines()).some((machine) => machine.id === id)) {
            return { waiting: "fleet does not see it" };
        }
        seenAt ??= Date.now();
        const launched = (await fleet.units()).filter(
            (unit) => unit.desiredState === "launched" && !parseUnitName(unit.name).isTemplate,
        );
        const homeless = launched.filter(
            (unit) =>
                !unit.machineID &&
                !requirementsOf(fromOptions(unit.options ?? []), unit.name).global,
        );
        if (homeless.length > 0 && Date.now() - seenAt < PLACEMENT) {
            return { waiting: `${namesOf(homeless)} on no machine` };
        }
        const slow = [];
        for (const unit of launched.filter(({ machineID }) => machineID === id)) {
            const seen = await unitSeen(session, unit.name);
            if (seen !== undefined) {
                slow.push(`${unit.name} is ${seen}`);
            }
        }
        return slow.length === 0 ? { done: undefined } : { waiting: slow.join(", ") };
    };
    await waitFor(
        `fleet to run on ${name} what it gives it`,
        {
            deadline: Math.min(context.deadline, Date.now() + LIMIT),
            onWaiting: (seen) => context.progress(`${name}: ${seen}`),
        },
        look,
    );
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

function namesOf(units: readonly { readonly name: string }[]): string {
    const names = units.map(({ name }) => name);
    const rest = names.length > 3 ? ` and ${names.length - 3} more` : "";
    return `${names.slice(0, 3).join(", ")}${rest} ${names.length === 1 ? "is" : "are"}`;
}
