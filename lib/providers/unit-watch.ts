import { setTimeout as sleep } from "node:timers/promises";
import type { FleetClient } from "../clients/fleet.js";
import { NUDGE, Nudges } from "./fleet-nudges.js";
import { messageOf, type OperationContext } from "./handler.js";
import { lookInterval } from "./look-interval.js";
import { UnitError } from "./unit-error.js";
import { FEW, type UnitLook } from "./unit-look.js";
import { type Sight, sightOf, type Unplaceable } from "./unit-sight.js";
import { lateError, placeOf, type Waiter } from "./unit-waiter.js";
import type { WantedUnit } from "./wanted-unit.js";

/** Milliseconds after which a unit that fleet has loaded is not about to be started: an agent's pass is 5 s. */
const DEAD = 8_000;
/** Milliseconds after which a unit that runs, but was not started since its text was written, is started anew. */
const OLD = 2_500;
/** Milliseconds between two looks that ask systemd of all units where they are many, whatever fleet says. */
const THOROUGH = 4_000;
/** Milliseconds after which a unit without a machine is asked about, and between two such questions. */
const UNPLACED = 4_000;
/** The same while fleet misses a machine, which may be about to come back: longer than fleet's own agent TTL. */
const INCOMPLETE = 45_000;
/** Milliseconds beyond the limit for a look that is under way to say what it saw. */
const GRACE = 500;

/** Watches any number of units side by side, until each is what it should be. */
export class UnitWatch {
    /** What the operation as a whole is at, for the line that says what is waited for. */
    stage = "";
    /** A unit that stands in any case: it is touched to nudge the agents where a unit that goes can't be. */
    touchstone: WantedUnit | undefined;
    /** Tells which units fleet can't place as the cluster is now, and why. */
    whyUnplaced: (() => Promise<Unplaceable>) | undefined;
    /** Starts a unit anew on a machine. */
    restart: ((name: string, machineId: string) => Promise<unknown>) | undefined;
    private readonly waiters = new Set<Waiter>();
    private asked = 0;
    private thorough = 0;
    private isRunning = false;
    private readonly nudges: Nudges;

    constructor(
        private readonly fleet: FleetClient,
        private readonly look: UnitLook,
        private readonly settle: number,
        private readonly context: OperationContext,
    ) {
        this.nudges = new Nudges(fleet);
    }

    /**
     * Waits until a unit is in the state and runs the text that are wanted.
     *
     * @param deadline milliseconds since the epoch
     * @throws UnitError naming the unit, its machine, and the reason
     */
    until(unit: WantedUnit, deadline: number = this.context.deadline): Promise<void> {
        return this.wait(unit, false, deadline);
    }

    /** Waits until fleet reports a unit no more. */
    untilGone(unit: WantedUnit, deadline: number = this.context.deadline): Promise<void> {
        return this.wait(unit, true, deadline);
    }

    private wait(unit: WantedUnit, isGoing: boolean, deadline: number): Promise<void> {
        return new Promise((resolve, reject) => {
            const since = Date.now();
            const limit = setTimeout(
                () => {
                    waiter.settle(lateError(waiter));
                },
                Math.max(0, deadline - since) + GRACE,
            );
            const settle = (outcome: UnitError | undefined): void => {
                clearTimeout(limit);
                this.waiters.delete(waiter);
                if (outcome === undefined) {
                    resolve();
                } else {
                    reject(outcome);
                }
            };
            const waiter: Waiter = { unit, isGoing, since, settle, seen: "not looked at yet" };
            this.waiters.add(waiter);
            if (!this.isRunning) {
                this.isRunning = true;
                this.thorough = Date.now();
                void this.run();
            }
        });
    }

    private async run(): Promise<void> {
        while (this.waiters.size > 0) {
            try {
                await this.round();
            } catch (cause) {
                for (const waiter of this.waiters) {
                    waiter.seen = messageOf(cause);
                }
            }
            if (this.waiters.size > 0) {
                this.context.progress(this.summary());
                const sights = Array.from(this.waiters, ({ sight }) => sight);
                await this.pause(lookInterval(sights, Date.now() - this.look.askedAt));
            }
        }
        this.isRunning = false;
    }

    private async round(): Promise<void> {
        const present = [...this.waiters];
        const going = present.filter(({ isGoing }) => isGoing);
        const coming = present.filter(({ isGoing }) => !isGoing);
        await Promise.all([this.see(coming), this.seeGone(going)]);
        await this.askWhy();
    }

    /** Waits for the next round, and nudges fleet meanwhile. */
    private async pause(milliseconds: number): Promise<void> {
        const end = Date.now() + milliseconds;
        for (let left = milliseconds; left > 0; left = end - Date.now()) {
            await this.nudges.give([...this.waiters], this.touchstone);
            await sleep(Math.max(0, Math.min(NUDGE, end - Date.now())));
        }
    }

    private async see(waiters: readonly Waiter[]): Promise<void> {
        if (waiters.length === 0) {
            return;
        }
        const isThorough = waiters.length <= FEW || Date.now() - this.thorough >= THOROUGH;
        if (isThorough) {
            this.thorough = Date.now();
        }
        const facts = await this.look.at(
            waiters.map(({ unit }) => unit),
            isThorough,
        );
        for (const waiter of waiters) {
            const known = facts.get(waiter.unit.name) ?? { places: [] };
            this.judge(waiter, sightOf(waiter.unit, known, this.settle));
        }
    }

    private async seeGone(waiters: readonly Waiter[]): Promise<void> {
        if (waiters.length === 0) {
            return;
        }
        const there = new Set((await this.fleet.states()).map(({ name }) => name));
        for (const waiter of waiters) {
            if (there.has(waiter.unit.name)) {
                waiter.seen = "still to stop";
                waiter.sight = { kind: "fleet", seen: waiter.seen };
            } else {
                waiter.settle(undefined);
            }
        }
    }

    private judge(waiter: Waiter, sight: Sight): void {
        const { unit } = waiter;
        waiter.sight = sight;
        if (sight.kind !== "inactive" && sight.kind !== "early") {
            delete waiter.idleSince;
        } else {
            waiter.idleSince ??= Date.now();
        }
        const isDead = Date.now() - (waiter.idleSince ?? Date.now()) >= DEAD;
        switch (sight.kind) {
            case "done":
                waiter.settle(undefined);
                break;
            case "failed": {
                const what = `failed on ${sight.on.machine}: ${sight.why}`;
                waiter.settle(new UnitError(unit.name, what, sight.on.machineId));
                break;
            }
            case "early":
                waiter.seen = `not started anew on ${sight.on.machine} yet`;
                if (sight.otherwise.kind === "done") {
                    this.startAnew(waiter, sight.on.machineId);
                } else if (isDead) {
                    this.judge(waiter, sight.otherwise);
                }
                break;
            case "inactive":
                waiter.seen = `inactive on ${sight.on.machine}`;
                if (isDead) {
                    const advice = "work that ends takes Type=oneshot with RemainAfterExit=yes";
                    const what = `ended at once on ${sight.on.machine}; ${advice}`;
                    waiter.settle(
                        sight.isFine ? undefined : new UnitError(unit.name, what, placeOf(waiter)),
                    );
                }
                break;
            case "unplaced":
                waiter.seen = `not scheduled to a machine yet${waiter.reason === undefined ? "" : `: ${waiter.reason}`}`;
                break;
            default:
                waiter.seen = sight.seen;
        }
    }

    /**
     * Starts a unit anew that runs an old text beside its new file. fleet tells systemd to stop it, and then to start it,
     * without waiting; where systemd comes to neither in between, the second takes the first back.
     */
    private startAnew(waiter: Waiter, machineId: string): void {
        if (Date.now() - (waiter.idleSince ?? Date.now()) >= OLD) {
            waiter.idleSince = Date.now();
            void this.restart?.(waiter.unit.name, machineId);
        }
    }

    /** Gives up units that fleet has not placed, and can't: what is asked twice no longer passes by itself. */
    private async askWhy(): Promise<void> {
        const unplaced = Array.from(this.waiters).filter(
            ({ sight, since }) => sight?.kind === "unplaced" && Date.now() - since >= UNPLACED,
        );
        if (unplaced.length === 0 || Date.now() - this.asked < UNPLACED) {
            return;
        }
        this.asked = Date.now();
        const { reasons, isWhole = true } = (await this.whyUnplaced?.()) ?? {};
        const patience = isWhole ? UNPLACED : INCOMPLETE;
        for (const waiter of unplaced) {
            const reason = reasons?.get(waiter.unit.name);
            const isOver = Date.now() - waiter.since >= patience;
            if (reason !== undefined && waiter.reason !== undefined && isOver) {
                waiter.settle(new UnitError(waiter.unit.name, `can't be placed: ${reason}`));
            } else if (reason === undefined) {
                delete waiter.reason;
            } else {
                waiter.reason = reason;
            }
        }
    }

    private summary(): string {
        const [first, ...others] = this.waiters;
        const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
        const stage = this.stage === "" ? "" : `${this.stage}; `;
        return `${stage}${first?.unit.name}: ${first?.seen}${more}`;
    }
}
