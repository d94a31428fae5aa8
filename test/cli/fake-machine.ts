import { spawn } from "node:child_process";
import { createServer, type Server as HttpServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Server, utils } from "ssh2";

/** What stands in for a machine: an SSH server whose commands run here, with answers of fleet and etcd. */
export interface FakeMachine {
    /** SSH port on 127.0.0.1. */
    readonly port: number;
    close(): void;
}

/** Answers by path; anything else gets 404. */
export type Answers = Readonly<Record<string, unknown>>;

/**
 * Starts one. Its commands find `folder` first on PATH; every local port leads to `answers`, and so does every socket.
 *
 * @param status of every answer that there is
 */
export async function startFakeMachine(
    folder: string,
    answers: Answers,
    status = 200,
): Promise<FakeMachine> {
    const http = createServer((request, response) => {
        const answer = answers[(request.url ?? "").replace(/\?.*$/, "")];
        response.statusCode = answer === undefined ? 404 : status;
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify(answer ?? {}));
    });
    const httpPort = await listen(http);
    const ssh = new Server({ hostKeys: [utils.generateKeyPairSync("ed25519").private] });
    ssh.on("connection", (client) => {
        client.on("error", () => {});
        client.on("authentication", (context) => context.accept());
        client.on("tcpip", (accept) => join(accept(), httpPort));
        // Missing in ssh2's types.
        Reflect.apply(client.on, client, [
            "openssh.streamlocal",
            (accept: () => NodeJS.ReadWriteStream) => join(accept(), httpPort),
        ]);
        client.on("session", (acceptSession) => {
            acceptSession().on("exec", (acceptExec, _reject, { command }) => {
                const channel = acceptExec();
                const child = spawn("/bin/sh", ["-c", command], {
                    env: { PATH: `${folder}:/usr/bin:/bin` },
                });
                channel.pipe(child.stdin);
                child.stdout.pipe(channel, { end: false });
                child.stderr.pipe(channel.stderr, { end: false });
                child.once("close", (code) => {
                    channel.exit(code ?? 1);
                    channel.end();
                });
            });
        });
    });
    await new Promise<void>((resolve) => ssh.listen(0, "127.0.0.1", () => resolve()));
    return {
        port: portOf(ssh.address()),
        close: () => {
            ssh.close();
            http.close();
            http.closeAllConnections();
        },
    };
}

function join(channel: NodeJS.ReadWriteStream, port: number): void {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => socket.destroy());
    channel.on("error", () => socket.destroy());
    channel.pipe(socket).pipe(channel);
}

async function listen(server: HttpServer): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return portOf(server.address());
}

function portOf(address: AddressInfo | string | null): number {
    if (typeof address === "object" && address !== null) {
        return address.port;
    }
    throw new Error("not listening");
}
