import { FleetClient, type FleetUnitState } from "../lib/clients/fleet.js";
import { ClusterAccess, quoteShell, waitFor } from "../lib/clients/index.js";
import type { Connection } from "../lib/connection.js";
import { hashOptions, toOptions } from "../lib/fleet/index.js";
import type { OperationContext } from "../lib/providers/handler.js";
import { serviceHandler } from "../lib/providers/service-handler.js";
import type { ServiceInputs } from "../lib/providers/service-inputs.js";
import { parseUnit } from "../lib/systemd/index.js";
import type { BenchStack, PulumiStacks } from "./pulumi-stacks.js";
import { timeOf } from "./stopwatch.js";

/** Seconds that one step may take. */
const LIMIT = 240;
const FOLDER = "/tmp/bench";
const TEMPLATE = "bench@.service";

/** Names of so many instances. */
export function instances(count: number): string[] {
    return Array.from({ length: count }, (_, index) => `bench@${index + 1}.service`);
}

/** A cluster on which the provider and fleetctl do the same, one after the other. */
export class ServiceCluster {
    readonly stack: BenchStack;
    private connection: Connection | undefined;

    constructor(private readonly stacks: PulumiStacks) {
        this.stack = stacks.services;
    }

    /** Brings the cluster up. */
    async prepare(): Promise<void> {
        if (this.connection === undefined) {
            await this.stacks.prepare();
            await this.stack.measureUpdate({});
            this.connection = connectionOf(await this.stack.outputs());
        }
    }

    /** fleetctl on the first machine, with the unit's text in its folder. Seconds until it ends. */
    async fleetctl(text: string, verb: string, units: readonly string[]): Promise<number> {
        return this.withAccess(async (access) => {
            const session = await access.session();
            const write = `mkdir -p ${FOLDER} && cat > ${FOLDER}/${quoteShell(TEMPLATE)}`;
            await session.exec(write, text);
            return timeOf(async () => {
                const command = `cd ${FOLDER} && sudo /opt/bin/fleetctl ${verb} ${units.join(" ")}`;
                const { code, stderr } = await session.exec(command);
                if (code !== 0) {
                    throw new Error(`fleetctl ${verb} ended with ${code}: ${stderr}`);
                }
            });
        });
    }

    /** Seconds until fleet's agents report of each unit that it runs that text. */
    untilRunning(text: string, units: readonly string[]): Promise<number> {
        const hash = hashOptions(toOptions(parseUnit(text)));
        return this.until("run", (states) =>
            units.every((unit) =>
                states.some(
                    (state) =>
                        state.name === unit &&
                        state.hash === hash &&
                        state.systemdActiveState === "active",
                ),
            ),
        );
    }

    /** Seconds until fleet's agents report nothing of these units any more. */
    untilGone(units: readonly string[]): Promise<number> {
        return this.until("go", (states) => !states.some(({ name }) => units.includes(name)));
    }

    /** Seconds in which the provider makes a service, of whose units each must stay up for `settle` seconds, default 1. */
    create(text: string, count: number, settle?: number): Promise<number> {
        const inputs = this.inputs(text, count, settle);
        return timeOf(() => serviceHandler.create(inputs, context()));
    }

    /** Seconds in which the provider rolls a service to another text, ten instances at a time. */
    roll(from: string, to: string, count: number): Promise<number> {
        const state = { ...this.inputs(from, count), outdated: [] };
        const inputs = this.inputs(to, count);
        return timeOf(() => serviceHandler.update(inputs.owner, state, inputs, context()));
    }

    /** Seconds in which the provider removes a service. */
    remove(text: string, count: number): Promise<number> {
        const state = { ...this.inputs(text, count), outdated: [] };
        return timeOf(() => serviceHandler.delete(state.owner, state, context()));
    }

    private inputs(text: string, count: number, settle = 1): ServiceInputs {
        return {
            files: { [TEMPLATE]: text },
            units: instances(count),
            triggered: [],
            state: "launched",
            rollout: { parallel: 10, onFailure: "stop", settle },
            adopt: false,
            owner: OWNER,
            connection: this.known(),
        };
    }

    private until(
        what: string,
        isDone: (states: readonly FleetUnitState[]) => boolean,
    ): Promise<number> {
        return this.withAccess(async (access) => {
            await access.session();
            const fleet = new FleetClient(access);
            const wait = { deadline: Date.now() + LIMIT * 1000, interval: 100 };
            return timeOf(() =>
                waitFor(`the units to ${what}`, wait, async () =>
                    isDone(await fleet.states()) ? { done: undefined } : { waiting: "not yet" },
                ),
            );
        });
    }

    private async withAccess<T>(work: (access: ClusterAccess) => Promise<T>): Promise<T> {
        const access = new ClusterAccess(this.known());
        try {
            return await work(access);
        } finally {
            await access.close();
        }
    }

    private known(): Connection {
        if (this.connection === undefined) {
            throw new Error("the cluster is not up");
        }
        return this.connection;
    }
}

/** `Owner=` of the units that the provider makes outside of Pulumi. */
export const OWNER = "bench/by/hand/bench";

function context(): OperationContext {
    const silent = (): void => undefined;
    const deadline = Date.now() + LIMIT * 1000;
    return { progress: silent, info: silent, warn: silent, deadline };
}

function connectionOf(outputs: Record<string, unknown>): Connection {
    const connection = outputs["connection"];
    if (typeof connection !== "object" || connection === null || !("hosts" in connection)) {
        throw new Error("the stack shows no way into its cluster");
    }
    // It is what the program exports: the cluster's own.
    return connection as Connection;
}
