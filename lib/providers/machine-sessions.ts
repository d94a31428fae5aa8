import { bulkhead, type IPolicy } from "cockatiel";
import type { ClusterAccess } from "../clients/access.js";
import type { CommandResult, SshSession } from "../clients/ssh.js";
import type { Connection } from "../connection.js";

/** Commands that are under way on one machine; sshd takes ten of one connection (sshd_config(5), MaxSessions). */
const PARALLEL = 6;
/** Milliseconds for which a machine that could not be reached is not tried again. */
const PAUSE = 5_000;
/** Milliseconds that a command may take. */
const COMMAND = 15_000;

interface Way {
    readonly session: Promise<SshSession>;
    readonly atOnce: IPolicy;
}

/** Sessions to single machines, by the id under which fleet knows them; each is opened at its first use. */
export class MachineSessions {
    private readonly ways = new Map<string, Way>();
    private readonly failedAt = new Map<string, number>();

    constructor(
        private readonly access: ClusterAccess,
        private readonly connection: Connection,
    ) {}

    /** A machine's name in the cluster; its id where the connection does not know it. */
    nameOf(machineId: string): string {
        return this.hostOf(machineId)?.name ?? machineId;
    }

    /** A session to a machine; `undefined` where it can't be reached. */
    async to(machineId: string): Promise<SshSession | undefined> {
        const way = this.way(machineId);
        const session = await way?.session.catch(() => undefined);
        if (session === undefined || session.isOpen) {
            return session;
        }
        this.leave(machineId, way);
        return this.way(machineId)?.session.catch(() => undefined);
    }

    /** Runs a command line on a machine; `undefined` where that can't be done now. Its exit status is no error. */
    async exec(
        machineId: string,
        command: string,
        limit: number = COMMAND,
    ): Promise<CommandResult | undefined> {
        const session = await this.to(machineId);
        const way = this.ways.get(machineId);
        if (way === undefined || session === undefined) {
            return undefined;
        }
        let timer: NodeJS.Timeout | undefined;
        try {
            return await way.atOnce.execute(() =>
                Promise.race([
                    session.exec(command),
                    new Promise<never>((_, reject) => {
                        timer = setTimeout(() => reject(new Error("no answer")), limit);
                    }),
                ]),
            );
        } catch {
            // It broke, or hangs: the next command goes through another.
            this.leave(machineId, way);
            session.close();
            return undefined;
        } finally {
            clearTimeout(timer);
        }
    }

    /** Ends them all. */
    async close(): Promise<void> {
        for (const { session } of this.ways.values()) {
            (await session.catch(() => undefined))?.close();
        }
    }

    private way(machineId: string): Way | undefined {
        const host = this.hostOf(machineId);
        const failed = this.failedAt.get(machineId);
        if (host === undefined || (failed !== undefined && Date.now() - failed < PAUSE)) {
            return undefined;
        }
        const known = this.ways.get(machineId);
        if (known !== undefined) {
            return known;
        }
        const session = this.access.to(host.name);
        const way = { session, atOnce: bulkhead(PARALLEL, Number.POSITIVE_INFINITY) };
        this.ways.set(machineId, way);
        session.catch(() => {
            this.failedAt.set(machineId, Date.now());
            this.leave(machineId, way);
        });
        return way;
    }

    /** Forgets a way, but not one that somebody else has opened in its place meanwhile. */
    private leave(machineId: string, way: Way | undefined): void {
        if (this.ways.get(machineId) === way) {
            this.ways.delete(machineId);
        }
    }

    private hostOf(machineId: string) {
        return this.connection.hosts.find((one) => one.machineId === machineId);
    }
}
