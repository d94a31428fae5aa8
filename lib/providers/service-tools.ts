import { bulkhead } from "cockatiel";
import { ClusterAccess } from "../clients/access.js";
import type { DesiredState } from "../clients/fleet.js";
import { FleetApiError, FleetClient } from "../clients/fleet.js";
import { journalReport, quoteShell } from "../clients/journal.js";
import { GiveUpError, waitFor } from "../clients/wait.js";
import { FLEET_UNIT } from "../fleet/daemon-units.js";
import type { UnitOption } from "../fleet/index.js";
import { messageOf, type OperationContext } from "./handler.js";
import { MachineSessions } from "./machine-sessions.js";
import type { ServiceInputs } from "./service-inputs.js";
import { UnitError } from "./unit-error.js";
import { UnitLook } from "./unit-look.js";
import { UnitWatch } from "./unit-watch.js";

/** Requests to fleet that are under way at once. */
const PARALLEL = 10;

/** What an operation on a service works with. */
export class ServiceTools {
    readonly fleet: FleetClient;
    readonly sessions: MachineSessions;
    readonly look: UnitLook;
    readonly watch: UnitWatch;
    private readonly access: ClusterAccess;
    private readonly atOnce = bulkhead(PARALLEL, Number.POSITIVE_INFINITY);

    constructor(
        readonly inputs: ServiceInputs,
        readonly context: OperationContext,
    ) {
        this.access = new ClusterAccess(inputs.connection);
        this.fleet = new FleetClient(this.access);
        this.sessions = new MachineSessions(this.access, inputs.connection);
        this.look = new UnitLook(this.fleet, this.sessions);
        this.watch = new UnitWatch(this.fleet, this.look, inputs.rollout.settle, context);
        this.watch.restart = (name, machineId) =>
            this.sessions.exec(
                machineId,
                `sudo -n sh -c 'systemctl daemon-reload && systemctl restart --no-block -- "$0"' ${quoteShell(name)}`,
            );
    }

    /** Puts a unit into fleet's registry; asks again until fleet does not refuse for reasons that pass. */
    put(name: string, options: readonly UnitOption[], state: DesiredState): Promise<void> {
        return this.atOnce.execute(() =>
            this.retrying(name, () => this.fleet.put(name, options, state)),
        );
    }

    /** Takes a unit out of fleet's registry. */
    destroy(name: string): Promise<void> {
        return this.atOnce.execute(() => this.retrying(name, () => this.fleet.destroy(name)));
    }

    /** Asks again until the cluster answers, up to the operation's limit. */
    retrying<T>(what: string, attempt: () => Promise<T>): Promise<T> {
        return waitFor(what, { deadline: this.context.deadline }, async () => {
            try {
                return { done: await attempt() };
            } catch (cause) {
                if (cause instanceof FleetApiError && cause.status < 500) {
                    throw new GiveUpError(`${what}: ${cause.message}`);
                }
                throw cause;
            }
        });
    }

    /** What went wrong, with the last lines of the unit's journal where it is about a unit on a machine. */
    async explain(cause: unknown): Promise<string> {
        const message = messageOf(cause);
        if (!(cause instanceof UnitError) || cause.machineId === undefined) {
            return message;
        }
        const session = await this.sessions.to(cause.machineId);
        if (session === undefined) {
            return message;
        }
        const machine = session.host.name;
        if (cause.isFleetsTurn) {
            const word = await this.lastWordOfFleet(cause.machineId, cause.unit);
            return word === "" ? message : `${message}; fleet on ${machine} says: ${word}`;
        }
        const journal = await journalReport(session, cause.unit);
        const [, unmet] = /unmet condition check \(([^)]+)\)/.exec(journal) ?? [];
        if (unmet !== undefined && message.includes("ended at once")) {
            return `${cause.unit} was not started on ${machine}: ${unmet} is not met there`;
        }
        return `${message}\n${journal}`;
    }

    /** The last error of a machine's fleetd that is about a unit; empty where there is none. */
    private async lastWordOfFleet(machineId: string, unit: string): Promise<string> {
        const name = quoteShell(unit);
        const result = await this.sessions.exec(
            machineId,
            `journalctl --quiet --output=cat --lines=200 --unit=${FLEET_UNIT} | grep -F -e ${name} | grep -E "err=|ERROR" | tail -n 1`,
        );
        return (/err=(.*)$/.exec(result?.stdout ?? "")?.[1] ?? result?.stdout ?? "").trim();
    }

    /** Ends all connections. */
    async close(): Promise<void> {
        await this.sessions.close();
        await this.access.close();
    }
}

/** Works on a service for the time of one operation. */
export async function withTools<T>(
    inputs: ServiceInputs,
    context: OperationContext,
    work: (tools: ServiceTools) => Promise<T>,
): Promise<T> {
    const tools = new ServiceTools(inputs, context);
    try {
        return await work(tools);
    } finally {
        await tools.close();
    }
}
