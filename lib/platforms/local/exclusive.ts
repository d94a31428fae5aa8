import { createHash } from "node:crypto";
import { createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Runs `work` while nobody else on this host runs work of the same name, in this process or another.
 *
 * The lock is an abstract Unix socket: the kernel frees it when its holder ends, however it ends, and
 * it leaves no file.
 *
 * @param waiting told once, when somebody else holds it.
 */
export async function exclusively<T>(
    name: string,
    work: () => Promise<T>,
    waiting: () => void = () => {},
): Promise<T> {
    const digest = createHash("sha256").update(name).digest("hex").slice(0, 32);
    const address = `\0pulumi-coreos-${digest}`;
    let lock = await bind(address);
    if (lock === undefined) {
        waiting();
    }
    while (lock === undefined) {
        await sleep(20 + Math.random() * 30);
        lock = await bind(address);
    }
    try {
        return await work();
    } finally {
        const held = lock;
        await new Promise((resolve) => held.close(resolve));
    }
}

function bind(address: string): Promise<Server | undefined> {
    return new Promise((resolve, reject) => {
        const server = createServer((connection) => connection.destroy());
        server.once("error", (error: NodeJS.ErrnoException) => {
            if (error.code === "EADDRINUSE") {
                resolve(undefined);
            } else {
                reject(error);
            }
        });
        server.listen({ path: address }, () => resolve(server));
    });
}
