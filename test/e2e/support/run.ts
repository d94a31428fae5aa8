import { spawn } from "node:child_process";

/** What a program that ran to its end left. */
export interface Outcome {
    /** Exit status; 255 where a signal ended it. */
    readonly code: number;
    readonly stdout: string;
    /** Standard output and standard error, in the order in which they came. */
    readonly output: string;
}

/** Where and how a program runs. */
export interface RunOptions {
    readonly directory?: string;
    readonly environment?: NodeJS.ProcessEnv;
    /** Milliseconds until it is killed; default three minutes. */
    readonly limit?: number;
}

/** Runs a program without a terminal. Its exit status is no error. */
export function run(
    program: string,
    args: readonly string[],
    options: RunOptions = {},
): Promise<Outcome> {
    return new Promise((resolve, reject) => {
        const child = spawn(program, [...args], {
            cwd: options.directory,
            env: options.environment,
            stdio: ["ignore", "pipe", "pipe"],
            timeout: options.limit ?? 180_000,
            killSignal: "SIGKILL",
        });
        const out: Buffer[] = [];
        const both: Buffer[] = [];
        child.stdout.on("data", (chunk: Buffer) => {
            out.push(chunk);
            both.push(chunk);
        });
        child.stderr.on("data", (chunk: Buffer) => both.push(chunk));
        child.once("error", reject);
        child.once("close", (code) => {
            const [stdout, output] = [out, both].map((chunks) => Buffer.concat(chunks).toString());
            resolve({ code: code ?? 255, stdout: stdout ?? "", output: output ?? "" });
        });
    });
}

/** Runs a program that must succeed, and answers with its standard output. */
export async function succeed(
    program: string,
    args: readonly string[],
    options: RunOptions = {},
): Promise<string> {
    const { code, stdout, output } = await run(program, args, options);
    if (code !== 0) {
        throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${output}`);
    }
    return stdout;
}
