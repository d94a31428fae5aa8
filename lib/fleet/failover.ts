import { given, type Problem } from "../problem.js";

/**
 * How soon fleet takes a machine for dead. The units of one that dies are started elsewhere after about
 * `agentTtl` + `engineReconcileInterval`, to which comes the time that they take to start. Where it also led the
 * engine, the others wait for its lease to end, which is 5 × `engineReconcileInterval` after its last renewal.
 */
export interface FailoverSettings {
    /**
     * Seconds without a heartbeat after which a machine counts as dead (fleet: `agent_ttl`); whole ones, 6 to 3600.
     * fleet's default 30. Each machine beats at half of it. A quorum of etcd that is lost for longer makes fleet
     * move what runs.
     */
    readonly agentTtl?: number;
    /**
     * Seconds between two looks of the engine at what is to run where (fleet: `engine_reconcile_interval`); 1 to 300.
     * fleet's default 2. More of it means less load on etcd in a big cluster.
     */
    readonly engineReconcileInterval?: number;
}

/**
 * fleetd beats at half the TTL, and the entry must outlive what comes then: an election in etcd, which takes up to
 * two seconds with its default timeouts, and a request of a second (fleet 1.0.0: server/monitor.go).
 */
const SHORTEST_TTL = 6;
const LONGEST_TTL = 3600;

/** The engine's lease is five of them, in whole seconds, and must outlive an election too (fleet 1.0.0: engine/engine.go). */
const SHORTEST_INTERVAL = 1;
const LONGEST_INTERVAL = 300;

const NAMES = ["agentTtl", "engineReconcileInterval"];

/** Problems of the settings, each under `path`. */
export function validateFailover(settings: FailoverSettings, path: string): Problem[] {
    const { agentTtl: ttl, engineReconcileInterval: interval } = settings;
    const problems: Problem[] = Object.keys(settings)
        .filter((name) => !NAMES.includes(name))
        .map((name) => ({
            path: `${path}.${name}`,
            allowed: `is no setting of fleet here; there are ${NAMES.join(" and ")}`,
        }));
    // etcd's v2 keys have a time to live in whole seconds; fleet's client drops the rest.
    if (ttl !== undefined && !(Number.isInteger(ttl) && isWithin(ttl, SHORTEST_TTL, LONGEST_TTL))) {
        problems.push({
            path: `${path}.agentTtl`,
            given: given(ttl),
            allowed: `must be whole seconds, ${SHORTEST_TTL} to ${LONGEST_TTL}: with less, an election in etcd would look like the death of machines`,
        });
    }
    if (interval !== undefined && !isWithin(interval, SHORTEST_INTERVAL, LONGEST_INTERVAL)) {
        problems.push({
            path: `${path}.engineReconcileInterval`,
            given: given(interval),
            allowed: `must be seconds, ${SHORTEST_INTERVAL} to ${LONGEST_INTERVAL}: with less, an election in etcd would end the engine's lease`,
        });
    }
    return problems;
}

/** The variables that tell fleetd; none where it is to keep its own defaults (fleet: deployment-and-configuration). */
export function failoverEnvironment(settings: FailoverSettings): Record<string, string> {
    const { agentTtl, engineReconcileInterval } = settings;
    return {
        ...(agentTtl === undefined ? {} : { FLEET_AGENT_TTL: `${agentTtl}s` }),
        ...(engineReconcileInterval === undefined
            ? {}
            : { FLEET_ENGINE_RECONCILE_INTERVAL: String(engineReconcileInterval) }),
    };
}

function isWithin(value: unknown, least: number, most: number): boolean {
    return typeof value === "number" && value >= least && value <= most;
}
