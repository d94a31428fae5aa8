import { type Connection, SshSession } from "../clients/index.js";

/** Milliseconds that a machine has to answer. */
export const PATIENCE = 6_000;
/** Milliseconds by which the attempt to connect ends earlier, so that its own error is the one told. */
const BEFORE_LIMIT = 1_000;

/** Sessions to the machines of a cluster, kept from one look to the next and opened anew when they break. */
export class MachineSessions {
    private readonly sessions = new Map<string, Promise<SshSession>>();

    /** @param limit milliseconds for one piece of work, the way to the machine included */
    constructor(
        private readonly connection: Connection,
        private readonly limit: number,
    ) {}

    /**
     * Does something on a machine.
     *
     * @throws Error where it can't be reached or does not answer in time, with the reason alone
     */
    async on<T>(machine: string, work: (session: SshSession) => Promise<T>): Promise<T> {
        const opened = this.sessions.get(machine) ?? this.open(machine);
        this.sessions.set(machine, opened);
        try {
            return await inTime(opened.then(work), this.limit);
        } catch (cause) {
            this.sessions.delete(machine);
            opened.then((session) => session.close()).catch(() => undefined);
            const text = cause instanceof Error ? cause.message : String(cause);
            const isNamed = text.startsWith(`${machine} `) && text.includes(": ");
            throw new Error(isNamed ? text.slice(text.indexOf(": ") + 2) : text);
        }
    }

    /** Ends them all. */
    async close(): Promise<void> {
        for (const session of this.sessions.values()) {
            (await session.catch(() => undefined))?.close();
        }
        this.sessions.clear();
    }

    private async open(machine: string): Promise<SshSession> {
        const host = this.connection.hosts.find(({ name }) => name === machine);
        if (host === undefined) {
            throw new Error("the connection has no such machine");
        }
        return SshSession.open(this.connection, host, this.limit - BEFORE_LIMIT);
    }
}

/** The work's result, or an error where it takes longer than so many milliseconds. */
export async function inTime<T>(work: Promise<T>, limit: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const end = new Promise<never>((_, reject) => {
        const late = () => reject(new Error(`no answer in ${limit / 1000} s`));
        timer = setTimeout(late, limit);
    });
    try {
        return await Promise.race([work, end]);
    } finally {
        clearTimeout(timer);
    }
}
