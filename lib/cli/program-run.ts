import { type ChildProcess, spawn } from "node:child_process";

/** Runs a program with this process's terminal. Resolves with its exit code. */
export function runProgram(
    program: string,
    args: readonly string[],
    environment: NodeJS.ProcessEnv,
): Promise<number> {
    return new Promise((resolve, reject) => {
        let child: ChildProcess | undefined;
        // Ctrl-C reaches it directly; this process stays until it has ended.
        const ignore = () => {};
        const stop = () => child?.kill("SIGTERM");
        // Before the start: a signal in between would end this process alone.
        process.on("SIGINT", ignore).on("SIGTERM", stop);
        const settle = () => process.off("SIGINT", ignore).off("SIGTERM", stop);
        child = spawn(program, [...args], { env: environment, stdio: "inherit" });
        child.once("error", (error) => {
            settle();
            reject(new Error(`${program} does not start: ${error.message}.`));
        });
        child.once("close", (code) => {
            settle();
            resolve(code ?? 1);
        });
    });
}
