import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

let running: ChildProcess | undefined;
let interrupted = false;
let stop: (() => void) | undefined;

/** Ends the command under way in order, and lets no other begin; {@link tidyUp} is what may follow. */
export function interrupt(): void {
    interrupted = true;
    running?.kill("SIGINT");
    stop?.();
}

/** Lets commands run again after an {@link interrupt}. */
export function tidyUp(): void {
    interrupted = false;
}

/**
 * Runs a command to its end, or until it prints the line `until`; then its standard input is closed, and it is
 * waited for outside the measured time.
 *
 * @returns seconds
 * @throws Error with the last lines of its output where it fails, or prints no such line
 */
export async function time(
    command: string,
    args: readonly string[],
    options: SpawnOptions & { readonly until?: string } = {},
): Promise<number> {
    if (interrupted) {
        throw new Error("Interrupted.");
    }
    const { until, ...rest } = options;
    const begun = performance.now();
    // A group of its own: Ctrl-C on a terminal reaches it through interrupt(), once.
    const child = spawn(command, args, { ...rest, detached: true, stdio: "pipe" });
    running = child;
    let output = "";
    let ended: number | undefined;
    const collect = (chunk: Buffer): void => {
        output += chunk.toString();
        if (until !== undefined && ended === undefined && output.split("\n").includes(until)) {
            ended = performance.now();
            child.stdin?.end();
        }
    };
    child.stdout?.on("data", collect);
    child.stderr?.on("data", collect);
    // One that has ended already takes no more input; its exit says the rest.
    child.stdin?.on("error", () => {});
    if (until === undefined) {
        child.stdin?.end();
    }
    const code = await new Promise<number | string>((resolve, reject) => {
        child.once("error", reject);
        child.once("exit", () => {
            if (until === undefined) {
                ended = performance.now();
            }
        });
        child.once("close", (status, signal) => resolve(status ?? signal ?? "?"));
    });
    running = undefined;
    if (interrupted) {
        throw new Error("Interrupted.");
    }
    if (code !== 0 || ended === undefined) {
        const tail = output.trimEnd().split("\n").slice(-20).join("\n");
        throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${tail}`);
    }
    return (ended - begun) / 1000;
}

/**
 * Does some work of this process, and of the machines that it talks to; an {@link interrupt} does not wait for its end.
 *
 * @returns seconds
 */
export async function timeOf(work: () => Promise<unknown>): Promise<number> {
    const interruption = new Promise<never>((_, reject) => {
        stop = () => reject(new Error("Interrupted."));
    });
    if (interrupted) {
        stop?.();
    }
    const begun = performance.now();
    try {
        await Promise.race([interruption, work()]);
    } finally {
        stop = undefined;
    }
    return (performance.now() - begun) / 1000;
}
