import { request as httpRequest } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Client, type ClientChannel, type ConnectConfig } from "ssh2";
import type { Connection, SshHost } from "../connection.js";

/** What a command on a machine left. */
export interface CommandResult {
    /** Exit status; 255 where a signal ended it. */
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
}

/**
 * A place that takes connections: a Unix socket of the machine, or a TCP port on its loopback; with a `host`, a port of
 * another machine that this one reaches.
 */
export type Endpoint =
    | { readonly socketPath: string }
    | { readonly port: number; readonly host?: string };

/** An HTTP request to something that listens on the machine alone. */
export interface MachineRequest {
    readonly method?: string;
    readonly path: string;
    /** Sent as JSON. */
    readonly body?: unknown;
    /** Milliseconds; default 10,000. */
    readonly timeout?: number;
    /** Whether an answer of 500 or more is reason to ask through another machine; default false. */
    readonly failsOver?: boolean;
}

/** The answer to a {@link MachineRequest}. */
export interface MachineResponse {
    readonly status: number;
    readonly body: string;
}

const READY_TIMEOUT = 10_000;

/** An open SSH connection to one machine. */
export class SshSession {
    private closed = false;

    private constructor(
        private readonly client: Client,
        /** The machine. */
        readonly host: SshHost,
        /** The host key that it showed, as `type base64`. */
        readonly hostKey: string,
        private readonly jump: SshSession | undefined,
    ) {
        client.once("close", () => {
            this.closed = true;
        });
    }

    /** Whether the connection stands, as far as this side knows. */
    get isOpen(): boolean {
        return !this.closed;
    }

    /**
     * Connects and authenticates.
     *
     * @param timeout milliseconds until authentication must be done; default 10,000
     * @throws Error where the machine is out of reach, refuses the key, or shows another host key
     */
    static async open(
        connection: Connection,
        host: SshHost,
        timeout: number = READY_TIMEOUT,
    ): Promise<SshSession> {
        const { jump, ...direct } = connection;
        const through =
            jump === undefined
                ? undefined
                : await SshSession.open({ ...direct, ...jump, hosts: [] }, jump, timeout);
        try {
            const sock = await through?.dial(host.address, host.port ?? 22);
            const config: ConnectConfig = {
                host: host.address,
                port: host.port ?? 22,
                username: connection.user,
                readyTimeout: timeout,
                keepaliveInterval: 5_000,
                algorithms: {
                    serverHostKey: ["ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512"],
                },
                ...credentials(connection),
                ...(sock === undefined ? {} : { sock }),
            };
            return await connect(config, host, (client, key) => {
                return new SshSession(client, host, key, through);
            });
        } catch (cause) {
            through?.close();
            throw cause;
        }
    }

    /** Runs a command line in the user's shell. Its exit status is no error. */
    exec(command: string, stdin?: string | Buffer): Promise<CommandResult> {
        return new Promise((resolve, reject) => {
            this.client.exec(command, (error, channel) => {
                if (error) {
                    reject(this.explain(error));
                    return;
                }
                const out: Buffer[] = [];
                const err: Buffer[] = [];
                let code = 255;
                channel.on("data", (chunk: Buffer) => out.push(chunk));
                channel.stderr.on("data", (chunk: Buffer) => err.push(chunk));
                channel.on("exit", (status: number | null) => {
                    code = status ?? 255;
                });
                channel.on("close", () => {
                    const stdout = Buffer.concat(out).toString();
                    resolve({ code, stdout, stderr: Buffer.concat(err).toString() });
                });
                channel.end(stdin);
            });
        });
    }

    /** Starts a command and hands over its channel, for output that goes on or a terminal. */
    start(command: string | undefined, pty?: { term: string; rows: number; cols: number }) {
        return new Promise<ClientChannel>((resolve, reject) => {
            const opened = (error: Error | undefined, channel: ClientChannel): void => {
                if (error) {
                    reject(this.explain(error));
                } else {
                    resolve(channel);
                }
            };
            if (command === undefined) {
                this.client.shell(pty ?? false, opened);
            } else {
                this.client.exec(command, pty === undefined ? {} : { pty }, opened);
            }
        });
    }

    /** Opens a connection from the machine to a place on it (or, with a host, to one that it reaches). */
    dial(endpoint: Endpoint): Promise<Duplex>;
    dial(address: string, port: number): Promise<Duplex>;
    dial(target: Endpoint | string, port = 0): Promise<Duplex> {
        return new Promise((resolve, reject) => {
            const opened = (error: Error | undefined, channel: ClientChannel): void => {
                if (error) {
                    reject(this.explain(error));
                } else {
                    resolve(channel);
                }
            };
            if (typeof target === "string") {
                this.client.forwardOut("127.0.0.1", 0, target, port, opened);
            } else if ("port" in target) {
                const { host = "127.0.0.1" } = target;
                this.client.forwardOut("127.0.0.1", 0, host, target.port, opened);
            } else {
                this.client.openssh_forwardOutStreamLocal(target.socketPath, opened);
            }
        });
    }

    /** An HTTP request to something that listens on the machine alone. Its status is no error. */
    async request(endpoint: Endpoint, ask: MachineRequest): Promise<MachineResponse> {
        const late = new Error(`${this.host.name} did not answer ${ask.path} in time`);
        const timeout = ask.timeout ?? READY_TIMEOUT;
        const channel = await this.dialed(endpoint, timeout, late);
        const body = ask.body === undefined ? undefined : JSON.stringify(ask.body);
        return new Promise((resolve, reject) => {
            const request = httpRequest({
                createConnection: () => asSocket(channel),
                method: ask.method ?? "GET",
                path: ask.path,
                headers: {
                    Host: "localhost",
                    Connection: "close",
                    ...(body === undefined
                        ? {}
                        : {
                              "Content-Type": "application/json",
                              "Content-Length": Buffer.byteLength(body),
                          }),
                },
            });
            const limit = setTimeout(() => {
                request.destroy(late);
            }, timeout);
            request.on("error", (error) => {
                clearTimeout(limit);
                reject(this.explain(error));
            });
            request.on("response", (response) => {
                const chunks: Buffer[] = [];
                response.on("data", (chunk: Buffer) => chunks.push(chunk));
                response.on("error", reject);
                response.on("end", () => {
                    clearTimeout(limit);
                    channel.destroy();
                    const text = Buffer.concat(chunks).toString();
                    resolve({ status: response.statusCode ?? 0, body: text });
                });
            });
            request.end(body);
        });
    }

    /** Another machine that is down answers nothing, and sshd waits for it for minutes. */
    private async dialed(endpoint: Endpoint, timeout: number, late: Error): Promise<Duplex> {
        let timer: NodeJS.Timeout | undefined;
        const dialing = this.dial(endpoint);
        const limit = new Promise<never>((_, reject) => {
            timer = setTimeout(() => {
                reject(late);
                dialing.then((channel) => channel.destroy()).catch(() => undefined);
            }, timeout);
        });
        try {
            return await Promise.race([dialing, limit]);
        } finally {
            clearTimeout(timer);
        }
    }

    /** Ends the connection, and that to the jump host. */
    close(): void {
        this.client.end();
        this.jump?.close();
    }

    private explain(error: Error): Error {
        return new Error(`${this.host.name} (${this.host.address}): ${error.message}`);
    }
}

function credentials(from: Pick<Connection, "privateKey" | "agent">): ConnectConfig {
    return {
        ...(from.privateKey === undefined ? {} : { privateKey: from.privateKey }),
        ...(from.agent === undefined ? {} : { agent: from.agent }),
    };
}

function connect(
    config: ConnectConfig,
    host: SshHost,
    made: (client: Client, hostKey: string) => SshSession,
): Promise<SshSession> {
    return new Promise((resolve, reject) => {
        const client = new Client();
        let shown = "";
        let refusal: Error | undefined;
        client.on("ready", () => resolve(made(client, shown)));
        client.on("error", (error) => {
            const reason = refusal?.message ?? error.message;
            reject(new Error(`${host.name} (${host.address}): ${reason}`));
        });
        client.on("close", () => {
            reject(new Error(`${host.name} (${host.address}): the connection was closed`));
        });
        client.connect({
            ...config,
            hostVerifier: (key: Buffer) => {
                shown = describeHostKey(key);
                if (host.hostKey !== undefined && host.hostKey !== shown) {
                    refusal = new Error(
                        "its host key is not the one that was seen before: the machine is another one, or somebody stands in between",
                    );
                    return false;
                }
                return true;
            },
        });
        // Else each small packet waits for the answer to the one before, 40 ms with delayed acknowledgements.
        client.setNoDelay(true);
    });
}

/** `type base64` of a public key in SSH's wire format (RFC 4253, section 6.6). */
function describeHostKey(key: Buffer): string {
    const length = key.readUInt32BE(0);
    return `${key.subarray(4, 4 + length).toString()} ${key.toString("base64")}`;
}

/** An SSH channel with the few methods of a socket that Node's HTTP client calls. */
function asSocket(channel: Duplex): Socket {
    const none = (): Duplex => channel;
    const socket: unknown = Object.assign(channel, {
        setKeepAlive: none,
        setNoDelay: none,
        setTimeout: none,
        ref: none,
        unref: none,
        destroySoon: () => channel.end(),
    });
    return socket as Socket;
}
