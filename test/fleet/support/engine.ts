/**
 * A small fleet, for tests: the rules of its engine (engine/reconciler.go, state.go, scheduler.go) and agents
 * (agent/state.go, reconcile.go) in version 1.0.0, pass by pass, with a random order wherever fleet walks a map.
 */
import { compileGlob } from "../../../lib/fleet/index.js";

/** A machine of the simulated cluster. */
export interface SimulatedMachine {
    readonly id: string;
    readonly metadata: Readonly<Record<string, string>>;
}

/** What `[X-Fleet]` holds, specifiers replaced. */
export interface SimulatedUnit {
    readonly name: string;
    readonly machineId?: string;
    readonly machineOf: readonly string[];
    readonly metadata: readonly string[];
    readonly conflicts: readonly string[];
    readonly replaces: readonly string[];
    readonly global: boolean;
}

type Action = "schedule" | "unschedule" | "reschedule";

interface Agent {
    readonly machine: SimulatedMachine;
    readonly units: Map<string, SimulatedUnit>;
}

/** Units and machines, and where the units are. */
export class SimulatedFleet {
    private readonly units = new Map<string, SimulatedUnit>();
    /** The registry's `target` of each unit. */
    readonly targets = new Map<string, string>();
    /** Changes of targets, the vain ones of global units aside, and those left out by the draw alone. */
    private moves = 0;

    /** @param random a number from 0 to below 1 */
    constructor(
        readonly machines: readonly SimulatedMachine[],
        private readonly random: () => number,
    ) {}

    /** Makes units known, desired state launched. */
    submit(units: readonly SimulatedUnit[]): void {
        for (const unit of units) {
            this.units.set(unit.name, unit);
        }
    }

    /**
     * Passes of the engine until nothing moved for 20 of them: with fewer, luck in the random order looks like rest.
     * Answers whether that came, within 60.
     */
    settle(each: () => void = () => undefined): boolean {
        let quiet = 0;
        for (let pass = 0; pass < 60 && quiet < 20; pass += 1) {
            this.moves = 0;
            this.pass();
            each();
            quiet = this.moves === 0 ? quiet + 1 : 0;
        }
        return quiet >= 20;
    }

    /** What each machine's agent has running: machine id by unit for all but global units. */
    running(): Map<string, string> {
        const all = new Map<string, string>();
        for (const machine of this.machines) {
            for (const unit of this.taken(machine)) {
                if (!unit.global) {
                    all.set(unit.name, machine.id);
                }
            }
        }
        return all;
    }

    /** Ids of the machines on which a global unit runs. */
    runningGlobal(name: string): string[] {
        return this.machines
            .filter((machine) => this.taken(machine).some((unit) => unit.name === name))
            .map(({ id }) => id);
    }

    /** desiredAgentState: by name, and what conflicts with an earlier one is left out. */
    private taken(machine: SimulatedMachine): SimulatedUnit[] {
        const agent: Agent = { machine, units: new Map() };
        const byName = Array.from(this.units.values()).sort((a, b) => (a.name < b.name ? -1 : 1));
        for (const unit of byName) {
            const mine = unit.global
                ? hasMetadata(machine, unit)
                : this.targets.get(unit.name) === machine.id;
            if (mine && !this.hasConflict(agent, unit)) {
                agent.units.set(unit.name, unit);
            }
        }
        return Array.from(agent.units.values());
    }

    /** One Reconcile of the leading engine. */
    private pass(): void {
        const jobs = Array.from(this.units.values()).filter(({ global }) => !global);
        const places = new Map(this.targets);
        for (const job of this.shuffled(jobs)) {
            const target = places.get(job.name);
            if (target === undefined) {
                continue;
            }
            const agent = this.agents(places).get(target);
            const action = agent === undefined ? "unschedule" : this.ableToRun(agent, job);
            if (
                action === "reschedule" &&
                agent !== undefined &&
                this.reschedule(agent, job, places)
            ) {
                continue;
            }
            if (action === "unschedule") {
                this.unschedule(job.name, target);
                places.delete(job.name);
            }
        }
        for (const job of this.shuffled(jobs)) {
            if (places.has(job.name)) {
                continue;
            }
            const chosen = this.sorted(places).find(
                (agent) => this.ableToRun(agent, job) !== "unschedule",
            );
            if (chosen !== undefined) {
                this.schedule(job.name, chosen.machine.id);
                places.set(job.name, chosen.machine.id);
            }
        }
    }

    /** handle_reschedule: the other unit goes, whichever of the two that is, without a look at where to. */
    private reschedule(agent: Agent, job: SimulatedUnit, places: Map<string, string>): boolean {
        const all = this.replaced(agent, job);
        const [moved] = this.shuffled(all);
        if (moved === undefined) {
            return false;
        }
        this.moves += moved.global && all.some(({ global }) => !global) ? 1 : 0;
        this.unschedule(moved.name, agent.machine.id);
        const other = this.sorted(places).find(({ machine }) => machine !== agent.machine);
        if (other === undefined) {
            return false;
        }
        this.schedule(moved.name, other.machine.id);
        if (!moved.global) {
            places.set(moved.name, other.machine.id);
        }
        return true;
    }

    private ableToRun(agent: Agent, job: SimulatedUnit): Action {
        const { id } = agent.machine;
        if (
            job.machineId !== undefined &&
            id !== job.machineId &&
            id.slice(0, 8) !== job.machineId
        ) {
            return "unschedule";
        }
        if (!hasMetadata(agent.machine, job)) {
            return "unschedule";
        }
        if (!job.machineOf.every((peer) => agent.units.has(peer))) {
            return "unschedule";
        }
        if (this.hasConflict(agent, job)) {
            return "unschedule";
        }
        return this.replaced(agent, job).length === 0 ? "schedule" : "reschedule";
    }

    private hasConflict(agent: Agent, unit: SimulatedUnit): boolean {
        return Array.from(agent.units.values()).some(
            (other) =>
                other.name !== unit.name &&
                (names(other.conflicts, unit) || names(unit.conflicts, other)),
        );
    }

    private replaced(agent: Agent, job: SimulatedUnit): SimulatedUnit[] {
        return Array.from(agent.units.values()).filter(
            (other) =>
                other.name !== job.name &&
                names(job.replaces, other) !== names(other.replaces, job),
        );
    }

    private agents(places: ReadonlyMap<string, string>): Map<string, Agent> {
        const agents = new Map(
            this.machines.map((machine) => [machine.id, { machine, units: new Map() } as Agent]),
        );
        for (const unit of this.units.values()) {
            if (!unit.global) {
                agents.get(places.get(unit.name) ?? "")?.units.set(unit.name, unit);
            }
        }
        for (const unit of this.shuffled(this.units.values())) {
            for (const agent of unit.global ? agents.values() : []) {
                if (hasMetadata(agent.machine, unit) && !this.hasConflict(agent, unit)) {
                    agent.units.set(unit.name, unit);
                }
            }
        }
        return agents;
    }

    private sorted(places: ReadonlyMap<string, string>): Agent[] {
        return Array.from(this.agents(places).values()).sort(
            (a, b) => a.units.size - b.units.size || (a.machine.id < b.machine.id ? -1 : 1),
        );
    }

    private unschedule(name: string, from: string): void {
        if (this.targets.get(name) === from) {
            this.targets.delete(name);
            this.moves += this.units.get(name)?.global ? 0 : 1;
        }
    }

    private schedule(name: string, to: string): void {
        if (!this.targets.has(name)) {
            this.targets.set(name, to);
            this.moves += this.units.get(name)?.global ? 0 : 1;
        }
    }

    private shuffled<T>(all: Iterable<T>): T[] {
        return Array.from(all, (one) => [this.random(), one] as const)
            .sort(([a], [b]) => a - b)
            .map(([, one]) => one);
    }
}

function names(globs: readonly string[], { name }: SimulatedUnit): boolean {
    return globs.some((glob) => compileGlob(glob)?.test(name));
}

/** A pair that is none is dropped; values of one key are alternatives. */
function hasMetadata({ metadata }: SimulatedMachine, unit: SimulatedUnit): boolean {
    const pairs = unit.metadata.filter((pair) => /^[^=]+=[^=]+$/.test(pair));
    return pairs.every((pair) => {
        const [key = ""] = pair.split("=");
        return pairs.includes(`${key}=${metadata[key]}`);
    });
}
