import { journalReport, quoteShell } from "../clients/journal.js";
import type { SshSession } from "../clients/ssh.js";
import { GiveUpError, type Sighting, WaitTimeoutError, waitFor } from "../clients/wait.js";
import { messageOf, type OperationContext } from "./handler.js";
import { showUnit } from "./unit-show.js";
import { judge } from "./unit-status.js";

/** Milliseconds for which a unit that was started may be seen as inactive. */
const DEAD = 2_000;

/**
 * Waits until systemd on a machine runs a unit, with no fleet between.
 *
 * @param isOrdered whether it was just told to start
 * @throws Error naming the unit, the machine and the reason, with the last lines of its journal
 */
export async function untilUnitRuns(
    session: SshSession,
    context: OperationContext,
    name: string,
    isOrdered: boolean,
): Promise<void> {
    const machine = session.host.name;
    let inactiveSince: number | undefined;
    const look = async (): Promise<Sighting<void>> => {
        const unit = await showUnit(session, name);
        if (unit === undefined) {
            return { waiting: "systemd does not answer" };
        }
        if (unit["LoadState"] === "masked") {
            return { done: undefined };
        }
        const verdict = judge(unit);
        switch (verdict.kind) {
            case "runs":
                return { done: undefined };
            case "failed":
                throw new GiveUpError(`${name} failed on ${machine}: ${verdict.why}`);
            case "waits":
                inactiveSince = undefined;
                return { waiting: verdict.seen };
            case "inactive": {
                inactiveSince ??= Date.now();
                if (!isOrdered || Date.now() - inactiveSince < DEAD) {
                    return { waiting: "not started" };
                }
                if (verdict.isFine || (await isHeldBack(session, name))) {
                    return { done: undefined };
                }
                const advice = "work that ends takes Type=oneshot with RemainAfterExit=yes";
                throw new GiveUpError(`${name} ended at once on ${machine}; ${advice}`);
            }
        }
    };
    try {
        await waitFor(
            `${name} to run on ${machine}`,
            {
                deadline: context.deadline,
                onWaiting: (seen) => context.progress(`${machine}: ${name} is ${seen}`),
            },
            look,
        );
    } catch (cause) {
        const what =
            cause instanceof WaitTimeoutError
                ? `${name} is not running on ${machine} after ${cause.waitedSeconds} s: ${cause.lastSeen}`
                : messageOf(cause);
        throw new Error(`${what}\n${await journalReport(session, name)}`);
    }
}

/** Whether a condition of the unit says that it has nothing to do (systemd.unit(5), `Condition…=`). */
async function isHeldBack(session: SshSession, name: string): Promise<boolean> {
    const { stdout } = await session.exec(
        `systemctl show --value --property=ConditionResult -- ${quoteShell(name)}`,
    );
    return stdout.trim() === "no";
}
