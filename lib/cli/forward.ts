import { createServer } from "node:net";
import type { Duplex } from "node:stream";

/** A local place that leads to one inside the cluster. */
export interface Forward {
    /** TCP port on 127.0.0.1; 0 for a Unix socket. */
    readonly port: number;
    close(): void;
}

/**
 * Listens on a Unix socket's path (or, with `undefined`, on a free port of 127.0.0.1) and joins each
 * connection with one that `dial` opens.
 */
export function forward(path: string | undefined, dial: () => Promise<Duplex>): Promise<Forward> {
    const server = createServer(async (socket) => {
        socket.on("error", () => socket.destroy());
        try {
            const channel = await dial();
            channel.on("error", () => socket.destroy());
            channel.on("close", () => socket.destroy());
            socket.on("close", () => channel.destroy());
            socket.pipe(channel).pipe(socket);
        } catch {
            socket.destroy();
        }
    });
    return new Promise((resolve, reject) => {
        server.once("error", reject);
        const listening = () => {
            const address = server.address();
            const port = typeof address === "object" && address !== null ? address.port : 0;
            resolve({ port, close: () => server.close() });
        };
        if (path === undefined) {
            server.listen(0, "127.0.0.1", listening);
        } else {
            server.listen(path, listening);
        }
    });
}
