import { bulkhead } from "cockatiel";
import type { ClusterAccess } from "../clients/access.js";
import type { FleetClient, FleetUnitState } from "../clients/fleet.js";
import { journalTail } from "../clients/journal.js";
import type { SshSession } from "../clients/ssh.js";
import { GiveUpError, type Sighting, WaitTimeoutError, waitFor } from "../clients/wait.js";
import type { Connection } from "../connection.js";
import { messageOf, type OperationContext } from "./handler.js";
import { isStartedFrom, judge, showUnit } from "./unit-status.js";

/** Milliseconds after which a unit that fleet has loaded is not about to be started: an agent's pass is 5 s. */
const DEAD = 8_000;
/** Units looked at side by side; sshd takes ten commands at once of one connection (sshd_config(5), MaxSessions). */
const PARALLEL = 8;
/** Milliseconds between two looks at so few units; more of them keep their machines busy enough. */
const INTERVAL = 200;
/** Milliseconds between two nudges. */
const NUDGE = 1_000;

/** A unit that runs into failure, and stays there. */
class UnitFailedError extends GiveUpError {
    constructor(
        readonly unit: string,
        what: string,
    ) {
        super(`${unit} ${what}`);
    }
}

/** Watches units until each runs the text that was declared, and explains those that don't. */
export class UnitWatch {
    private readonly sessions = new Map<string, Promise<SshSession>>();
    /** Since when each unit is seen as inactive though fleet has loaded it. */
    private readonly inactiveSince = new Map<string, number>();

    constructor(
        private readonly access: ClusterAccess,
        private readonly fleet: FleetClient,
        private readonly connection: Connection,
        private readonly context: OperationContext,
    ) {}

    /**
     * Waits until every unit runs with the text of that hash.
     *
     * @param nudge writes something to fleet's registry that changes nothing. An agent that has unloaded an old
     * text loads the new one in its next pass: at the next event, or after 5 seconds.
     * @throws Error naming the unit, its machine, the reason, with the last lines of its journal
     */
    async untilRunning(
        names: readonly string[],
        hash: string,
        nudge?: () => Promise<void>,
    ): Promise<void> {
        const pending = new Set(names);
        const seen = new Map<string, string>();
        const places = new Map<string, string>();
        let nudged = 0;
        try {
            await waitFor(
                `${names.length === 1 ? names[0] : `${names.length} units`} to run`,
                {
                    deadline: this.context.deadline,
                    ...(names.length <= PARALLEL ? { interval: INTERVAL } : {}),
                    onWaiting: (what) => this.context.progress(what),
                },
                async () => {
                    const states = await this.fleet.states();
                    const sideBySide = bulkhead(PARALLEL, Number.POSITIVE_INFINITY);
                    const isFew = pending.size <= PARALLEL;
                    const look = async (name: string): Promise<void> => {
                        const ofUnit = states.filter((state) => state.name === name);
                        const state = ofUnit.find((one) => one.hash === hash) ?? ofUnit[0];
                        if (state?.machineID !== undefined) {
                            places.set(name, state.machineID);
                        }
                        const sighting = await this.look(name, state, hash, isFew);
                        if ("done" in sighting) {
                            pending.delete(name);
                        } else {
                            seen.set(name, sighting.waiting);
                        }
                    };
                    await Promise.all(
                        [...pending].map((name) => sideBySide.execute(() => look(name))),
                    );
                    const [first] = pending;
                    if (first !== undefined && Date.now() - nudged >= NUDGE) {
                        nudged = Date.now();
                        await nudge?.();
                    }
                    return first === undefined
                        ? { done: undefined }
                        : { waiting: this.summary(names.length, pending, seen) };
                },
            );
            if (names.length > 0) {
                this.context.progress(`${names.length} of ${names.length} run`);
            }
        } catch (cause) {
            const [first = ""] = pending;
            const culprit = cause instanceof UnitFailedError ? cause.unit : first;
            const others = pending.size > 1 ? ` (and ${pending.size - 1} more)` : "";
            const message =
                cause instanceof WaitTimeoutError && seen.has(culprit)
                    ? `${culprit}${others} is not running after ${cause.waitedSeconds} s: ${seen.get(culprit)}`
                    : messageOf(cause);
            throw await this.explain(message, culprit, places.get(culprit));
        }
    }

    /** Waits until fleet reports none of the units any more. */
    async untilGone(names: readonly string[]): Promise<void> {
        await waitFor(
            `${names.length === 1 ? names[0] : `${names.length} units`} to stop`,
            { deadline: this.context.deadline, onWaiting: (what) => this.context.progress(what) },
            async () => {
                const states = await this.fleet.states();
                const left = names.filter((name) => states.some((state) => state.name === name));
                return left.length === 0
                    ? { done: undefined }
                    : { waiting: `${left.join(", ")} still to stop` };
            },
        );
    }

    /** Ends the sessions to single machines. */
    async close(): Promise<void> {
        for (const session of this.sessions.values()) {
            (await session.catch(() => undefined))?.close();
        }
    }

    private async look(
        name: string,
        state: FleetUnitState | undefined,
        hash: string,
        isFew: boolean,
    ): Promise<Sighting<void>> {
        const machineId = state?.machineID ?? (await this.fleet.unit(name))?.machineID;
        if (machineId === undefined) {
            return { waiting: "not scheduled to a machine yet" };
        }
        const machine = this.machineName(machineId);
        const now = `${state?.systemdActiveState} (${state?.systemdSubState}) on ${machine}`;
        if (state?.hash !== hash) {
            const isAhead = isFew && (await this.runsAhead(name, hash, machineId));
            return isAhead
                ? { done: undefined }
                : {
                      waiting:
                          state === undefined
                              ? `on its way to ${machine}`
                              : `an older text of it is ${now}`,
                  };
        }
        const session = await this.sessionTo(machineId);
        const unit = session === undefined ? undefined : await showUnit(session, name);
        if (unit === undefined) {
            return state.systemdActiveState === "active" ? { done: undefined } : { waiting: now };
        }
        const verdict = judge(unit);
        if (verdict.kind !== "inactive") {
            this.inactiveSince.delete(name);
        }
        switch (verdict.kind) {
            case "runs":
                return { done: undefined };
            case "failed":
                throw new UnitFailedError(name, `failed on ${machine}: ${verdict.why}`);
            case "inactive": {
                const since = this.inactiveSince.get(name) ?? Date.now();
                this.inactiveSince.set(name, since);
                if (Date.now() - since < DEAD) {
                    return { waiting: now };
                }
                if (verdict.isFine) {
                    return { done: undefined };
                }
                const advice = "work that ends takes Type=oneshot with RemainAfterExit=yes";
                throw new UnitFailedError(name, `ended at once on ${machine}; ${advice}`);
            }
            case "waits":
                return { waiting: `${verdict.seen} on ${machine}` };
        }
    }

    /** Whether a unit runs its text before fleet says so: that takes fleet a second or more. */
    private async runsAhead(name: string, hash: string, machineId: string): Promise<boolean> {
        const session = await this.sessionTo(machineId);
        const unit = session === undefined ? undefined : await showUnit(session, name);
        return unit !== undefined && isStartedFrom(unit, hash) && judge(unit).kind === "runs";
    }

    private async sessionTo(machineId: string | undefined): Promise<SshSession | undefined> {
        const host = this.connection.hosts.find((one) => one.machineId === machineId);
        if (host === undefined) {
            return undefined;
        }
        const session = this.sessions.get(host.name) ?? this.access.to(host.name);
        this.sessions.set(host.name, session);
        try {
            return await session;
        } catch {
            this.sessions.delete(host.name);
            return undefined;
        }
    }

    private machineName(machineId: string | undefined): string {
        const host = this.connection.hosts.find((one) => one.machineId === machineId);
        return host?.name ?? machineId ?? "no machine";
    }

    private summary(
        all: number,
        pending: ReadonlySet<string>,
        seen: ReadonlyMap<string, string>,
    ): string {
        const [first = ""] = pending;
        const rest = pending.size > 1 ? ` (and ${pending.size - 1} more)` : "";
        return `${all - pending.size} of ${all} run; ${first}: ${seen.get(first)}${rest}`;
    }

    private async explain(
        message: string,
        culprit: string,
        machineId: string | undefined,
    ): Promise<Error> {
        const session = await this.sessionTo(machineId);
        if (session === undefined) {
            return new Error(message);
        }
        const journal = await journalTail(session, culprit).catch(String);
        return new Error(
            `${message}\nThe last lines of ${culprit} on ${session.host.name}:\n${journal}`,
        );
    }
}
