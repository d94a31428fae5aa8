import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { PulumiCli } from "./pulumi-cli.js";
import { type Workspace, withFolderOnPath } from "./workspace.js";

/** Runs the Pulumi CLI in a workspace, with the user's terminal. Resolves with its exit code. */
export async function runPulumi(
    workspace: Workspace,
    cli: PulumiCli,
    args: readonly string[],
): Promise<number> {
    let child: ChildProcess | undefined;
    // Before the start: an interrupt in between would end this process alone.
    const stopForwarding = forwardSignals(() => child?.kill("SIGINT"));
    try {
        child = start(workspace, cli, args, "inherit");
        return await exitOf(child);
    } finally {
        stopForwarding();
    }
}

/**
 * Runs the Pulumi CLI without a terminal and resolves with its standard output. Throws with
 * its last line of error if it fails.
 */
export async function capturePulumi(
    workspace: Workspace,
    cli: PulumiCli,
    args: readonly string[],
): Promise<string> {
    const child = start(workspace, cli, [...args, "--non-interactive"], "pipe");
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => errors.push(chunk));
    const code = await exitOf(child);
    if (code !== 0) {
        const reason = Buffer.concat(errors).toString().trim().split("\n").at(-1) ?? "";
        const what = args.slice(0, 2).join(" ");
        throw new Error(`pulumi ${what} failed: ${reason.replace(/^error: /, "")}`);
    }
    return Buffer.concat(output).toString();
}

function start(
    workspace: Workspace,
    cli: PulumiCli,
    args: readonly string[],
    stdio: "inherit" | "pipe",
): ChildProcess {
    const environment = withFolderOnPath(workspace.environment, cli.folder);
    return spawn(join(cli.folder, "pulumi"), [...args], {
        cwd: workspace.project.root,
        env: environment,
        stdio: stdio === "inherit" ? "inherit" : ["ignore", "pipe", "pipe"],
        // Pulumi takes a second interrupt for "at once". On a terminal Ctrl-C reaches it directly;
        // elsewhere a group of its own makes sure that it is told once, by us.
        detached: !process.stdin.isTTY,
    });
}

/** Passes on what asks this process to end, once. Returns what undoes it. */
function forwardSignals(pass: () => void): () => void {
    let told = false;
    const tell = () => {
        if (!told) {
            told = true;
            pass();
        }
    };
    const onInterrupt = process.stdin.isTTY ? () => {} : tell;
    process.on("SIGINT", onInterrupt).on("SIGTERM", tell).on("SIGHUP", tell);
    return () => {
        process.off("SIGINT", onInterrupt).off("SIGTERM", tell).off("SIGHUP", tell);
    };
}

function exitOf(child: ChildProcess): Promise<number> {
    return new Promise((resolve, reject) => {
        child.once("error", (error) =>
            reject(new Error(`The Pulumi CLI does not start: ${error.message}.`)),
        );
        child.once("close", (code) => resolve(code ?? 1));
    });
}
