import { quoteShell } from "../clients/journal.js";
import type { SshSession } from "../clients/ssh.js";
import { WaitTimeoutError, waitFor } from "../clients/wait.js";
import type { Unit } from "../cloud-config/index.js";
import { messageOf, type OperationContext } from "./handler.js";
import {
    type Addresses,
    isChanged,
    parseFiles,
    planUnitFiles,
    readScript,
    type UnitFiles,
    type UnitPlan,
    writeScript,
} from "./unit-files.js";
import { untilUnitRuns } from "./unit-run.js";

/** Milliseconds that the agent of a new machine has to write its files. */
const AGENT = 30_000;
/** Commands after which a unit is to run. */
const RUNS: readonly (string | undefined)[] = ["start", "restart", "reload", "reload-or-restart"];

/** What the units of a machine are brought from and to. */
export interface UnitsChange {
    /** The units that the machine was last given. */
    readonly before: readonly Unit[];
    readonly units: readonly Unit[];
    readonly addresses: Addresses;
    /** Whether the machine was seen to run `before`; else all of its units are waited for. */
    readonly isKnown: boolean;
    /** Whether what differs is written. */
    readonly write: boolean;
}

/** The units that one machine's systemd runs without fleet. */
export class MachineUnits {
    constructor(
        private readonly session: SshSession,
        private readonly context: OperationContext,
    ) {}

    /**
     * Writes the units that differ, restarts those, and waits until each does what it is for.
     *
     * @returns the names of those that were written
     * @throws Error naming the unit, the machine and the reason, with the last lines of its journal; what was
     * written is put back as it was
     */
    async bring(change: UnitsChange): Promise<string[]> {
        const { before, units, addresses, isKnown, write } = change;
        const plans = planUnitFiles(before, units, addresses);
        const paths = plans.flatMap(({ files }) => Object.keys(files));
        if (!isKnown) {
            await this.untilAgentIsDone(plans);
        }
        const standing = await this.read(paths);
        const changed = write ? plans.filter((plan) => isChanged(plan, standing, isKnown)) : [];
        const active = await this.active(changed);
        const waits = plans.filter((plan) => (isKnown ? changed.includes(plan) : true));
        try {
            await this.apply(changed, active);
            for (const { name, unit } of waits) {
                const isOrdered = changed.some((plan) => plan.name === name);
                if (unit !== undefined && isToRun(unit, active.has(name))) {
                    await untilUnitRuns(this.session, this.context, name, isOrdered);
                }
            }
        } catch (cause) {
            const undone =
                changed.length === 0 ? "" : await this.restore(changed, standing, active);
            throw new Error(`${messageOf(cause)}${undone}`);
        }
        return changed.map(({ name }) => name);
    }

    private async apply(changed: readonly UnitPlan[], active: ReadonlySet<string>): Promise<void> {
        if (changed.length === 0) {
            return;
        }
        const names = changed.map(({ name }) => name).join(", ");
        this.context.progress(`${this.machine}: writing ${names}`);
        for (const { name } of changed.filter(({ unit }) => unit === undefined)) {
            await this.systemctl(`disable --quiet -- ${quoteShell(name)}`);
            await this.systemctl(`stop -- ${quoteShell(name)}`);
        }
        await this.must(writeScript(Object.assign({}, ...changed.map(({ files }) => files))));
        await this.reload();
        for (const plan of changed) {
            const { name, unit, before } = plan;
            const quoted = quoteShell(name);
            if (unit?.enable === true) {
                await this.must(`systemctl enable --quiet -- ${quoted}\n`);
            } else if (unit !== undefined && before?.enable === true) {
                await this.systemctl(`disable --quiet -- ${quoted}`);
            }
            const command = commandFor(plan, active.has(name));
            if (command !== undefined) {
                this.context.progress(`${this.machine}: systemctl ${command} ${name}`);
                await this.systemctl(`reset-failed -- ${quoted}`);
                // How it went is what is looked at next.
                await this.systemctl(`${command} -- ${quoted}`);
            }
        }
    }

    /** Puts back what stood, and starts what ran. */
    private async restore(
        changed: readonly UnitPlan[],
        standing: UnitFiles,
        active: ReadonlySet<string>,
    ): Promise<string> {
        try {
            const paths = changed.flatMap(({ files }) => Object.keys(files));
            const old = paths.map((path) => [path, standing[path] ?? "absent"]);
            for (const { name } of changed.filter((plan) => !active.has(plan.name))) {
                await this.systemctl(`stop -- ${quoteShell(name)}`);
            }
            await this.must(writeScript(Object.fromEntries(old)));
            await this.reload();
            for (const { name, before, unit } of changed) {
                const quoted = quoteShell(name);
                await this.systemctl(`reset-failed -- ${quoted}`);
                if (before?.enable === true) {
                    await this.systemctl(`enable --quiet -- ${quoted}`);
                } else if (unit?.enable === true) {
                    await this.systemctl(`disable --quiet -- ${quoted}`);
                }
                if (active.has(name)) {
                    await this.systemctl(`restart --no-block -- ${quoted}`);
                }
            }
            return `\n${this.machine} was given its old units back`;
        } catch (cause) {
            return `\n${this.machine} could not be given its old units back (${messageOf(cause)})`;
        }
    }

    /** A new machine takes connections before its agent has written everything. */
    private async untilAgentIsDone(plans: readonly UnitPlan[]): Promise<void> {
        const paths = plans.flatMap(({ unit, files }) =>
            unit === undefined ? [] : Object.keys(files),
        );
        const deadline = Math.min(this.context.deadline, Date.now() + AGENT);
        const wait = waitFor("the agent", { deadline }, async () => {
            // Names of processes have 15 characters.
            const agent = await this.session.exec("pgrep -x coreos-cloudini");
            const standing = await this.read(paths);
            const isThere = paths.every((path) => standing[path] !== "absent");
            return agent.code !== 0 && isThere ? { done: undefined } : { waiting: "it works" };
        });
        await wait.catch((cause: unknown) => {
            if (!(cause instanceof WaitTimeoutError)) {
                throw cause;
            }
        });
    }

    private async read(paths: readonly string[]): Promise<UnitFiles> {
        return parseFiles(paths, await this.must(readScript(paths)));
    }

    private async active(plans: readonly UnitPlan[]): Promise<Set<string>> {
        const names = plans.map(({ name }) => name);
        const states = names.map((name) => `systemctl is-active -- ${quoteShell(name)} || true\n`);
        const lines = (await this.must(states.join(""))).split("\n");
        const isUp = (state = "") => ["active", "activating", "reloading"].includes(state);
        return new Set(names.filter((_, index) => isUp(lines[index])));
    }

    private async reload(): Promise<void> {
        await this.must("systemctl daemon-reload\n");
    }

    /** Runs a script as root, which must succeed. */
    private async must(script: string): Promise<string> {
        const { code, stdout, stderr } = await this.session.exec("sudo sh -s", script);
        if (code !== 0) {
            const said = stderr.trim() === "" ? `exit status ${code}` : stderr.trim();
            throw new Error(`${this.machine}: ${said}`);
        }
        return stdout;
    }

    /** Runs systemctl as root for as long as there is time. Its exit status is no error. */
    private async systemctl(args: string): Promise<void> {
        const left = Math.max(1, Math.ceil((this.context.deadline - Date.now()) / 1000));
        await this.session.exec(`sudo timeout ${left} systemctl ${args}`);
    }

    private get machine(): string {
        return this.session.host.name;
    }
}

/** Whether a unit is to run once its command was carried out. */
function isToRun(unit: Unit, wasActive: boolean): boolean {
    return (
        unit.mask !== true && unit.command !== "stop" && (RUNS.includes(unit.command) || wasActive)
    );
}

/** What systemd is to do with a changed unit. */
function commandFor({ unit, before, files }: UnitPlan, wasActive: boolean): string | undefined {
    if (unit === undefined) {
        // One of the system's own had drop-ins that are gone.
        return before?.content === undefined && wasActive ? "restart" : undefined;
    }
    if (unit.mask === true) {
        return "stop";
    }
    // A command that starts would leave a unit that runs as it is.
    const restarts = unit.command === "start" && Object.keys(files).length > 0;
    return restarts ? "restart" : (unit.command ?? "try-restart");
}
