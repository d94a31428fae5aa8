import type { UnitOption } from "../fleet/index.js";
import type { Endpoint, MachineRequest, MachineResponse } from "./ssh.js";

/** State that fleet is asked to bring a unit to. */
export type DesiredState = "inactive" | "loaded" | "launched";

/** A unit as fleet's API has it. Fields that are empty are left out by fleet. */
export interface FleetApiUnit {
    readonly name: string;
    readonly options?: readonly UnitOption[];
    readonly desiredState?: DesiredState;
    readonly currentState?: DesiredState;
    /** Full id of the machine on which it is scheduled. */
    readonly machineID?: string;
}

/** What a machine's agent reports of a unit. */
export interface FleetUnitState {
    readonly name: string;
    /** SHA-1 of the text that runs. */
    readonly hash?: string;
    readonly machineID?: string;
    readonly systemdLoadState?: string;
    readonly systemdActiveState?: string;
    readonly systemdSubState?: string;
}

/** A machine in fleet's registry. */
export interface FleetMachine {
    /** The machine's `/etc/machine-id`. */
    readonly id: string;
    readonly primaryIP?: string;
    readonly metadata?: Readonly<Record<string, string>>;
}

/** What sends a request to a place on a machine: a session, or a way into the cluster. */
export interface Requester {
    request(endpoint: Endpoint, ask: MachineRequest): Promise<MachineResponse>;
}

/** fleetd's socket (fleet.socket of CoreOS). */
export const FLEET_SOCKET = "/run/fleet.sock";

/** An answer of fleet's API that is an error. */
export class FleetApiError extends Error {
    override name = "FleetApiError";
    constructor(
        readonly status: number,
        message: string,
    ) {
        super(message);
    }
}

/** Client of fleet's HTTP API, version 1 (fleet: Documentation/api-v1.md). */
export class FleetClient {
    constructor(private readonly requester: Requester) {}

    /** Every machine that fleet sees. */
    machines(): Promise<FleetMachine[]> {
        return this.list<FleetMachine>("/fleet/v1/machines", "machines");
    }

    /** Every unit in the registry. */
    units(): Promise<FleetApiUnit[]> {
        return this.list<FleetApiUnit>("/fleet/v1/units", "units");
    }

    /** What the agents report, of all units or of one. */
    states(unitName?: string): Promise<FleetUnitState[]> {
        const query = unitName === undefined ? "" : `?unitName=${encodeURIComponent(unitName)}`;
        return this.list<FleetUnitState>(`/fleet/v1/state${query}`, "states");
    }

    /** One unit; `undefined` where there is none of that name. */
    async unit(name: string): Promise<FleetApiUnit | undefined> {
        const answer = await this.send({ path: unitPath(name) });
        return answer.status === 404 ? undefined : (read(answer) as FleetApiUnit);
    }

    /** Creates a unit, or replaces its text and state. */
    async put(
        name: string,
        options: readonly UnitOption[],
        desiredState: DesiredState,
    ): Promise<void> {
        const body = { name, options, desiredState };
        read(await this.send({ method: "PUT", path: unitPath(name), body }));
    }

    /**
     * Asks for the state of a unit whose text stays. Also where the state is the same, every agent and the engine then
     * look at what they have to do, which they otherwise do at their own intervals.
     */
    async touch(name: string, desiredState: DesiredState): Promise<void> {
        read(
            await this.send({ method: "PUT", path: unitPath(name), body: { name, desiredState } }),
        );
    }

    /** Removes a unit from the registry; one that is not there is fine. */
    async destroy(name: string): Promise<void> {
        const answer = await this.send({ method: "DELETE", path: unitPath(name) });
        if (answer.status !== 404) {
            read(answer);
        }
    }

    private send(ask: MachineRequest): Promise<MachineResponse> {
        return this.requester.request({ socketPath: FLEET_SOCKET }, { ...ask, failsOver: true });
    }

    private async list<T>(path: string, key: string): Promise<T[]> {
        const all: T[] = [];
        let token: string | undefined;
        do {
            const separator = path.includes("?") ? "&" : "?";
            const next =
                token === undefined ? "" : `${separator}nextPageToken=${encodeURIComponent(token)}`;
            const page = read(await this.send({ path: path + next })) as Record<string, unknown>;
            all.push(...((page[key] as T[] | undefined) ?? []));
            token = page["nextPageToken"] as string | undefined;
        } while (token !== undefined && token !== "");
        return all;
    }
}

function unitPath(name: string): string {
    return `/fleet/v1/units/${encodeURIComponent(name)}`;
}

function read(answer: MachineResponse): unknown {
    if (answer.status >= 400) {
        let message = answer.body.trim();
        try {
            message = JSON.parse(answer.body).error.message || message;
        } catch {
            // Not every refusal is JSON; then its text says it.
        }
        const said = message === "" ? "(no reason given)" : message;
        throw new FleetApiError(answer.status, `fleet answered ${answer.status}: ${said}`);
    }
    return answer.body === "" ? undefined : JSON.parse(answer.body);
}
