import type { Connection } from "../connection.js";
import { type Endpoint, type MachineRequest, type MachineResponse, SshSession } from "./ssh.js";

const CONNECT_TIMEOUT = 5_000;

/**
 * A way into a cluster through any machine that answers. One session is kept; when it breaks, the
 * next machine is tried.
 */
export class ClusterAccess {
    private current: Promise<SshSession> | undefined;
    private closed = false;

    /** @param open a session that is open already, to be the one in use */
    constructor(
        private readonly connection: Connection,
        open?: SshSession,
    ) {
        this.current = open === undefined ? undefined : Promise.resolve(open);
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

    /** Sends a request through the session in use, and once more through another machine, or anew, if that breaks. */
    async request(endpoint: Endpoint, ask: MachineRequest): Promise<MachineResponse> {
        const session = await this.session();
        try {
            return await session.request(endpoint, ask);
        } catch (cause) {
            if (session.isOpen && this.connection.hosts.length === 1) {
                throw cause;
            }
            await this.drop(session);
            return (await this.session()).request(endpoint, ask);
        }
    }

    /** Gives a session up, so that the next request opens another. */
    async drop(session: SshSession): Promise<void> {
        const current = await this.current?.catch(() => undefined);
        if (current === session) {
            this.current = undefined;
        }
        session.close();
    }

    /** Ends the session in use. */
    async close(): Promise<void> {
        this.closed = true;
        (await this.current?.catch(() => undefined))?.close();
    }

    private async connect(): Promise<SshSession> {
        const said: string[] = [];
        for (const host of this.connection.hosts) {
            if (this.closed) {
                break;
            }
            try {
                return await SshSession.open(this.connection, host, CONNECT_TIMEOUT);
            } catch (cause) {
                said.push(cause instanceof Error ? cause.message : String(cause));
            }
        }
        throw new Error(`no machine of the cluster can be reached over SSH: ${said.join("; ")}`);
    }
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
