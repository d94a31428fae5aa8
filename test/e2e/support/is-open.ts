import { connect } from "node:net";

/** Whether a TCP connection is taken; a firewall lets it end in silence. */
export function isOpen(host: string, at: number): Promise<boolean> {
    return new Promise((resolve) => {
        const socket = connect({ host, port: at });
        const done = (answer: boolean) => {
            socket.destroy();
            resolve(answer);
        };
        socket.setTimeout(500, () => done(false));
        socket.once("connect", () => done(true));
        socket.once("error", () => done(false));
    });
}
