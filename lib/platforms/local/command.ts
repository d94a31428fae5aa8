import { execFile } from "node:child_process";

/** A command that could not be run, or ended with an error. */
export class CommandError extends Error {
    override name = "CommandError";
    constructor(
        command: readonly string[],
        /** Exit status; `undefined` when it did not start or was killed. */
        readonly status: number | undefined,
        /** Everything that it wrote to its standard error and, where that is empty, output. */
        readonly output: string,
    ) {
        const last = output.trim().split("\n").slice(-3).join("; ");
        super(`"${command.join(" ").slice(0, 200)}" failed: ${last || `exit status ${status}`}`);
    }
}

/** How a command is run. */
export interface CommandOptions {
    readonly input?: string;
    readonly directory?: string;
    readonly environment?: Readonly<Record<string, string>>;
    /** Milliseconds after which it is killed; default one minute. */
    readonly limit?: number;
}

/** Runs a command without a shell; answers what it wrote to its standard output. */
export function run(
    program: string,
    args: readonly string[],
    options: CommandOptions = {},
): Promise<string> {
    return new Promise((resolve, reject) => {
        const child = execFile(
            program,
            args,
            {
                timeout: options.limit ?? 60_000,
                killSignal: "SIGKILL",
                maxBuffer: 64 * 1024 * 1024,
                env: { ...process.env, LC_ALL: "C", ...options.environment },
                ...(options.directory === undefined ? {} : { cwd: options.directory }),
            },
            (error, stdout, stderr) => {
                if (error === null) {
                    resolve(stdout);
                    return;
                }
                const status = typeof error.code === "number" ? error.code : undefined;
                const output = stderr.trim() || stdout.trim() || error.message;
                reject(new CommandError([program, ...args], status, output));
            },
        );
        // A command that ends without reading its input closes the pipe early.
        child.stdin?.on("error", () => {});
        child.stdin?.end(options.input ?? "");
    });
}
