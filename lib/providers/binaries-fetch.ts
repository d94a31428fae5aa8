import { BINARIES_UNIT, FETCH_MARK } from "../binaries/index.js";
import type { ClusterAccess } from "../clients/access.js";
import { quoteShell } from "../clients/journal.js";
import type { SshSession } from "../clients/ssh.js";
import { GiveUpError } from "../clients/wait.js";
import { showUnit } from "./unit-show.js";

/** Thrown where a machine can't fetch etcd and fleet, and does not try again. */
export class NotFetchedError extends GiveUpError {
    override name = "NotFetchedError";
}

/** How fetching etcd and fleet goes on a machine. */
export interface FetchSight {
    /** One sentence on what it waits for, or on why it failed. */
    readonly what: string;
    /** Whether the machine tries no more. */
    readonly hasFailed: boolean;
    /** Whether an attempt has failed. */
    readonly isBroken: boolean;
}

/** How fetching goes on a machine; `undefined` where it is done, or the machine has the programs, or is no part of it. */
export async function lookAtFetch(
    session: Pick<SshSession, "exec">,
): Promise<FetchSight | undefined> {
    const unit = await showUnit(session, BINARIES_UNIT);
    const state = unit?.["ActiveState"];
    if (unit === undefined || (state !== "failed" && state !== "activating")) {
        return undefined;
    }
    const hasFailed = state === "failed";
    const isBroken = hasFailed || Number(unit["NRestarts"] ?? 0) > 0;
    if (!isBroken) {
        return { what: "it fetches etcd and fleet", hasFailed, isBroken };
    }
    const reason = (await lastReason(session)) ?? unit["Result"] ?? "";
    const what = `${BINARIES_UNIT} ${hasFailed ? "failed" : "tries again and again"}: ${reason}`;
    return { what, hasFailed, isBroken };
}

/** What the unit itself said last, without its mark. */
async function lastReason(session: Pick<SshSession, "exec">): Promise<string | undefined> {
    const { stdout } = await session.exec(
        `journalctl --no-pager --quiet --output=cat --lines=50 --unit=${quoteShell(BINARIES_UNIT)}`,
    );
    const said = stdout.split("\n").filter((line) => line.startsWith(FETCH_MARK));
    return said.at(-1)?.slice(FETCH_MARK.length).trim();
}

/**
 * What of etcd and fleet is still being fetched, where machines fetch them.
 *
 * @throws NotFetchedError where the machine tries no more
 */
export async function fetchProgress(
    access: Pick<ClusterAccess, "session">,
    fetches: boolean,
): Promise<string | undefined> {
    const fetch = fetches ? await lookAtFetch(await access.session()) : undefined;
    if (fetch?.hasFailed) {
        throw new NotFetchedError(fetch.what);
    }
    return fetch?.what;
}
