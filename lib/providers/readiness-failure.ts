import type { ClusterAccess } from "../clients/access.js";
import { journalTail } from "../clients/journal.js";
import { GiveUpError, WaitTimeoutError } from "../clients/wait.js";
import { ETCD_UNIT, ETCD_WAITS } from "../etcd/index.js";
import { lookAtFetch, NotFetchedError } from "./binaries-fetch.js";
import { messageOf } from "./handler.js";
import { showUnit } from "./unit-show.js";

/** A machine that was not ready in time. */
export interface MachineFailure {
    readonly machine: string;
    readonly cause: unknown;
    /** The way to it, where it could be reached at all: then its etcd was not healthy. */
    readonly access?: ClusterAccess;
}

interface Finding {
    readonly machine: string;
    readonly what: string;
    /** The less, the likelier it is what holds the others up. */
    readonly rank: number;
    readonly access?: ClusterAccess;
}

const UNREACHABLE = 0;
const BROKEN = 1;
const WAITING = 2;

/**
 * Says why a cluster was not ready: a line for each machine, those that hold the others up first, and the last
 * lines of etcd's journal from the first that has one.
 *
 * @param isOutside whether this host may be outside of the machines' network, and nothing leads into it
 */
export async function explainMachines(
    cluster: string,
    failures: readonly MachineFailure[],
    isOutside = false,
): Promise<string> {
    const findings = (await Promise.all(failures.map(inspect))).sort(
        (left, right) => left.rank - right.rank,
    );
    const lines = findings.map(({ machine, what }) => `  ${machine}: ${what}`);
    const [first] = findings.filter(({ access }) => access !== undefined);
    const said = [`cluster ${cluster} is not ready${afterOf(failures)}:`, ...lines];
    if (isOutside && findings.some(({ rank }) => rank === UNREACHABLE)) {
        said.push(
            "The machines have private addresses alone: from outside of their network they are reached through a jump host " +
                "(`connection.jump`).",
        );
    }
    if (first?.access !== undefined) {
        said.push(await lastLines(first.access, ETCD_UNIT));
    }
    return said.join("\n");
}

/** The last lines of a unit's journal, on the machine at which the access arrives, with a heading. */
export async function lastLines(access: ClusterAccess, unit: string): Promise<string> {
    try {
        const session = await access.session();
        const tail = await journalTail(session, unit);
        return `The last lines of ${unit} on ${session.host.name}:\n${tail}`;
    } catch (cause) {
        return `The journal of ${unit} can't be read: ${messageOf(cause)}`;
    }
}

async function inspect({ machine, cause, access }: MachineFailure): Promise<Finding> {
    const seen = lastSeen(machine, cause);
    if (cause instanceof GiveUpError || cause instanceof NotFetchedError) {
        return { machine, what: cause.message, rank: BROKEN };
    }
    if (access === undefined) {
        return { machine, what: `no SSH connection (${seen})`, rank: UNREACHABLE };
    }
    const fetch = await access
        .session()
        .then(lookAtFetch)
        .catch(() => undefined);
    if (fetch !== undefined) {
        return { machine, what: fetch.what, rank: fetch.isBroken ? BROKEN : WAITING };
    }
    const unit = await access
        .session()
        .then((session) => showUnit(session, ETCD_UNIT))
        .catch(() => undefined);
    if (unit === undefined) {
        return { machine, what: `no SSH connection any more (${seen})`, rank: UNREACHABLE };
    }
    const reason = await access
        .session()
        .then((session) => session.exec(`cat ${ETCD_WAITS}`))
        .catch(() => ({ stdout: "" }));
    if (reason.stdout.trim() !== "") {
        const what = `etcd is not started: ${reason.stdout.trim()}`;
        return { machine, what: seen === "" ? what : `${what} (${seen})`, rank: WAITING, access };
    }
    const restarts = Number(unit["NRestarts"] ?? 0);
    const state = unit["ActiveState"];
    if (state === "active" || (state === "activating" && restarts === 0)) {
        const what = `etcd runs and is not healthy; it waits for a quorum (${seen})`;
        return { machine, what, rank: WAITING, access };
    }
    const why =
        unit["LoadState"] === "loaded"
            ? [resultOf(unit["Result"]), restarts === 0 ? "" : `${restarts} restarts`]
            : [unit["LoadState"]];
    const what = `${ETCD_UNIT} does not run (${[state, ...why].filter(Boolean).join(", ")})`;
    return { machine, what, rank: BROKEN, access };
}

/** How the unit ended last. While it is being started once more, systemd does not know that of the time before. */
function resultOf(result: string | undefined): string | undefined {
    return result === "success" ? undefined : result;
}

/** What was last seen of a machine, without its name, which stands before it anyway. */
function lastSeen(machine: string, cause: unknown): string {
    const seen = cause instanceof WaitTimeoutError ? cause.lastSeen : messageOf(cause);
    return seen.startsWith(`${machine} (`) ? seen.replace(/^[^)]*\): /, "") : seen;
}

function afterOf(failures: readonly MachineFailure[]): string {
    const waits = failures.flatMap(({ cause }) =>
        cause instanceof WaitTimeoutError ? [cause.waitedSeconds] : [],
    );
    return waits.length === 0 ? "" : ` after ${Math.max(...waits)} s`;
}
