import type { ClientChannel } from "ssh2";

/** The size and kind of this process's terminal; `undefined` where it has none. */
export function terminalSize(): { term: string; rows: number; cols: number } | undefined {
    if (!process.stdin.isTTY || !process.stdout.isTTY) {
        return undefined;
    }
    return {
        term: process.env["TERM"] ?? "xterm",
        rows: process.stdout.rows,
        cols: process.stdout.columns,
    };
}

/**
 * Connects this process's standard input, output and error with a command on a machine, until that ends. Resolves with its
 * exit status. Where `raw` is set each key goes there as it is, Ctrl-C too.
 */
export async function attach(channel: ClientChannel, raw: boolean): Promise<number> {
    const resize = () => {
        channel.setWindow(process.stdout.rows, process.stdout.columns, 0, 0);
    };
    if (raw) {
        process.stdin.setRawMode(true);
        process.stdout.on("resize", resize);
    }
    channel.on("data", (chunk: Buffer) => process.stdout.write(chunk));
    channel.stderr.on("data", (chunk: Buffer) => process.stderr.write(chunk));
    process.stdin.pipe(channel);
    try {
        return await exitStatus(channel);
    } finally {
        process.stdin.unpipe(channel);
        process.stdin.pause();
        // A terminal and a pipe can be let go; a file, such as /dev/null, need not be.
        process.stdin.unref?.();
        if (raw) {
            process.stdin.setRawMode(false);
            process.stdout.off("resize", resize);
        }
    }
}

/** The exit status of the command behind a channel; 255 where a signal or a lost connection ended it. */
export function exitStatus(channel: ClientChannel): Promise<number> {
    // "close" carries it too, and comes only when all output was read; "exit" may be gone before anyone listens.
    return new Promise((resolve) => {
        channel.once("close", (code?: number | null) => resolve(code ?? 255));
    });
}
