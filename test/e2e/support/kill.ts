import { type ChildProcess, spawn } from "node:child_process";
import { findProcess, listProcesses, startedWith } from "../../../lib/cli/processes.js";
import { packageRoot } from "../../../lib/cli/project.js";
import type { CheckoutStack } from "./checkout-stack.js";

/** What is killed: the command's own process group, the Pulumi CLI alone, or all at once. */
export type Victim = "the command" | "pulumi" | "everything";

/** Processes of a stack's commands: the command, the CLI, its helpers, what they started. */
export function processesOf(stack: CheckoutStack) {
    return listProcesses().filter(({ pid }) => startedWith(pid, "PULUMI_HOME") === stack.home);
}

/**
 * Starts a command in a process group of its own, kills with SIGKILL at a moment, or when the command
 * has ended if that comes first, and waits for its end.
 */
export async function runAndKill(
    stack: CheckoutStack,
    command: string,
    victim: Victim,
    moment: Promise<unknown>,
): Promise<void> {
    const [program, ...args] = stack.commandLine(command);
    const child = spawn(program, args, {
        cwd: packageRoot,
        env: stack.environment,
        detached: true,
        stdio: "ignore",
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    await Promise.race([ended, moment]);
    kill(stack, child, victim);
    await ended;
}

function kill(stack: CheckoutStack, command: ChildProcess, victim: Victim): void {
    if (victim === "the command") {
        if (command.exitCode === null && command.pid !== undefined) {
            process.kill(-command.pid, "SIGKILL");
        }
        return;
    }
    for (const { pid, name } of processesOf(stack)) {
        if ((victim === "everything" || name === "pulumi") && findProcess(pid) !== undefined) {
            process.kill(pid, "SIGKILL");
        }
    }
}

/** Numbers from 0 up to 1 that follow from a seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}
