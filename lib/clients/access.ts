import { setTimeout as sleep } from "node:timers/promises";
import type { Connection, SshHost } from "../connection.js";
import { type Endpoint, type MachineRequest, type MachineResponse, SshSession } from "./ssh.js";

const CONNECT_TIMEOUT = 5_000;
/** Milliseconds that a machine has to answer before the next is tried beside it. */
const HEAD_START = 1_000;

/**
 * A way into a cluster through any machine that answers. One session is kept; when it breaks, the
 * next machine is tried, and the one that failed is the last to be tried again.
 */
export class ClusterAccess {
    private current: Promise<SshSession> | undefined;
    private closed = false;
    /** The machines in the order in which they are tried. */
    private order: readonly SshHost[];

    /** @param open a session that is open already, to be the one in use */
    constructor(
        private readonly connection: Connection,
        open?: SshSession,
    ) {
        this.current = open === undefined ? undefined : Promise.resolve(open);
        this.order = connection.hosts;
    }

    /**
     * The session in use, or a new one to the first machine that answers.
     *
     * @throws Error with what each machine said, where none answers
     */
    session(): Promise<SshSession> {
        this.current ??= this.connect().catch((cause: unknown) => {
            this.current = undefined;
            throw cause;
        });
        return this.current;
    }

    /**
     * A session to one machine.
     *
     * @throws Error where the cluster has no machine of that name, with the names there are
     */
    to(machine: string, timeout: number = CONNECT_TIMEOUT): Promise<SshSession> {
        const host = this.connection.hosts.find(({ name }) => name === machine);
        if (host === undefined) {
            const names = this.connection.hosts.map(({ name }) => name).join(", ");
            throw new Error(`there is no machine "${machine}"; there are ${names}`);
        }
        return SshSession.open(this.connection, host, timeout);
    }

    /**
     * Sends a request through the session in use, and where that breaks, through each of the others; anew to the
     * same machine where there is but one.
     */
    async request(endpoint: Endpoint, ask: MachineRequest): Promise<MachineResponse> {
        for (let left = Math.max(1, this.order.length - 1); ; left--) {
            const session = await this.session();
            try {
                const answer = await session.request(endpoint, ask);
                if (answer.status < 500 || !ask.failsOver || left === 0 || this.order.length < 2) {
                    return answer;
                }
            } catch (cause) {
                if (left === 0 || (session.isOpen && this.order.length === 1)) {
                    throw cause;
                }
            }
            await this.drop(session);
        }
    }

    /** Gives a session up, so that the next request opens one to another machine. */
    async drop(session: SshSession): Promise<void> {
        const current = await this.current?.catch(() => undefined);
        if (current === session) {
            this.current = undefined;
            const failed = this.order.filter(({ name }) => name === session.host.name);
            this.order = [...this.order.filter((host) => !failed.includes(host)), ...failed];
        }
        session.close();
    }

    /** Ends the session in use. */
    async close(): Promise<void> {
        this.closed = true;
        (await this.current?.catch(() => undefined))?.close();
    }

    /** A machine that is dead answers nothing at all: the next does not wait for the end of its time. */
    private async connect(): Promise<SshSession> {
        const said = new Map<SshHost, string>();
        const opened: SshSession[] = [];
        const open = async (host: SshHost): Promise<void> => {
            try {
                const session = await SshSession.open(this.connection, host, CONNECT_TIMEOUT);
                opened.push(session);
                if (opened[0] !== session || this.closed) {
                    session.close();
                }
            } catch (cause) {
                said.set(host, cause instanceof Error ? cause.message : String(cause));
            }
        };
        const attempts: Promise<void>[] = [];
        for (const host of this.order) {
            if (this.closed || opened.length > 0) {
                break;
            }
            const attempt = open(host);
            attempts.push(attempt);
            await limited(attempt, HEAD_START);
        }
        await untilAny(attempts, () => opened.length > 0);
        const [first] = opened;
        if (first === undefined) {
            const reasons = this.order.flatMap((host) => said.get(host) ?? []);
            throw new Error(
                `no machine of the cluster can be reached over SSH: ${reasons.join("; ")}`,
            );
        }
        return first;
    }
}

/** Ends with the work, or after so many milliseconds. */
async function limited(work: Promise<void>, milliseconds: number): Promise<void> {
    const end = new AbortController();
    const timer = sleep(milliseconds, undefined, { signal: end.signal }).catch(() => undefined);
    await Promise.race([work, timer]);
    end.abort();
}

/** Ends as soon as one of the pieces of work has brought what is looked for, or all have ended. */
async function untilAny(work: readonly Promise<void>[], isThere: () => boolean): Promise<void> {
    const found = work.map(async (one) => {
        await one;
        if (!isThere()) {
            throw new Error("not this one");
        }
    });
    await Promise.any(found).catch(() => undefined);
}

/** Opens a way into a cluster for the time of some work. */
export async function withAccess<T>(
    connection: Connection,
    work: (access: ClusterAccess) => Promise<T>,
): Promise<T> {
    const access = new ClusterAccess(connection);
    try {
        return await work(access);
    } finally {
        await access.close();
    }
}
