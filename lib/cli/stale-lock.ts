import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { HostProcess } from "./processes.js";

/**
 * A stack's lock in a `file://` backend, `.pulumi/locks/organization/PROJECT/STACK/ID.json`. Pulumi removes it at
 * its end; a CLI that was killed leaves it behind.
 */
export interface Lock {
    readonly file: string;
    readonly pid: number;
    readonly username: string;
    readonly hostname: string;
    readonly timestamp: Date;
}

/** This host, as far as locks are concerned. */
export interface LockHost {
    readonly hostname: string;
    /** Whether processes can be seen here; where they can't, no lock is ever stale. */
    readonly seesProcesses: boolean;
    find(pid: number): HostProcess | undefined;
}

/** A process that started this much later than a lock can't have made it, whatever the clock did. */
const clockTolerance = 60_000;

/**
 * Whether nobody holds the lock any more: it was made on this very host, and its process is gone; or its id
 * went to something that is not Pulumi, or to a Pulumi that was started only later.
 */
export function isStale(lock: Lock, host: LockHost): boolean {
    if (lock.hostname !== host.hostname || !host.seesProcesses) {
        return false;
    }
    const holder = host.find(lock.pid);
    return (
        holder === undefined ||
        !/^pulumi/.test(holder.name) ||
        holder.startedAt.getTime() > lock.timestamp.getTime() + clockTolerance
    );
}

/** The locks of a stack in a backend folder. A file that is no lock is left out. */
export function readLocks(backend: string, project: string, stack: string): Lock[] {
    const folder = join(backend, ".pulumi", "locks", "organization", project, stack);
    let names: string[];
    try {
        names = readdirSync(folder);
    } catch {
        return [];
    }
    return names
        .filter((name) => name.endsWith(".json"))
        .map((name) => parseLock(join(folder, name)))
        .filter((lock) => lock !== undefined);
}

/** Removes a lock, with what the backend keeps beside it. */
export function removeLock(lock: Lock): void {
    rmSync(lock.file, { force: true });
    rmSync(`${lock.file}.attrs`, { force: true });
}

/** A lock in words: `pid 4711 of core@host, since 2026-11-21T10:56:56Z`. */
export function describeLock(lock: Lock): string {
    const since = lock.timestamp.toISOString().replace(/\.\d+Z$/, "Z");
    return `pid ${lock.pid} of ${lock.username}@${lock.hostname}, since ${since}`;
}

function parseLock(file: string): Lock | undefined {
    let content: unknown;
    try {
        content = JSON.parse(readFileSync(file, "utf8"));
    } catch {
        return undefined;
    }
    if (typeof content !== "object" || content === null) {
        return undefined;
    }
    const fields = new Map<string, unknown>(Object.entries(content));
    const pid = fields.get("pid");
    const timestamp = new Date(String(fields.get("timestamp")));
    if (typeof pid !== "number" || Number.isNaN(timestamp.getTime())) {
        return undefined;
    }
    return {
        file,
        pid,
        username: String(fields.get("username")),
        hostname: String(fields.get("hostname")),
        timestamp,
    };
}
