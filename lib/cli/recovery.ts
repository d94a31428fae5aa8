import { rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endLeftovers } from "./leftover-processes.js";
import { canSeeProcesses, findProcess } from "./processes.js";
import type { Progress } from "./progress.js";
import type { PulumiCli } from "./pulumi-cli.js";
import { capturePulumi } from "./pulumi-run.js";
import { readStackState } from "./stack-state.js";
import {
    describeLock,
    isStale,
    type Lock,
    type LockHost,
    readLocks,
    removeLock,
} from "./stale-lock.js";
import type { Workspace } from "./workspace.js";

/** Until an update that is still running must have ended, in milliseconds. */
const waitLimit = 600_000;

/**
 * Brings a stack of the embedded backend back into order after an update that was killed, and says what it did: waits
 * for one that still runs, ends its leftover processes, removes its lock, forgets its unfinished creates.
 * (docs/spikes/interrupted-update.md) A backend of the user's own is left alone.
 */
export async function recoverStack(
    workspace: Workspace,
    cli: PulumiCli,
    stack: string,
    progress: Progress,
): Promise<void> {
    const backend = workspace.embeddedBackend;
    const backendUrl = workspace.environment.PULUMI_BACKEND_URL;
    if (backend === undefined || backendUrl === undefined) {
        return;
    }
    const host: LockHost = {
        hostname: hostname(),
        seesProcesses: canSeeProcesses(),
        find: findProcess,
    };
    const locks = () => readLocks(backend, workspace.project.name, stack);
    await waitForOthers(stack, () => locks().filter((lock) => !isStale(lock, host)), progress);
    const ended = await endLeftovers(backendUrl);
    if (ended.length > 0) {
        const ids = ended.map(({ pid }) => pid).join(", ");
        progress.note(`Ended what a killed Pulumi left running (pid ${ids}).`);
    }
    for (const lock of locks().filter((one) => isStale(one, host))) {
        removeLock(lock);
        progress.note(`Removed the lock of an update that was killed (${describeLock(lock)}).`);
    }
    await forgetUnfinishedCreates(workspace, cli, stack, backend, progress);
}

async function waitForOthers(
    stack: string,
    held: () => readonly Lock[],
    progress: Progress,
): Promise<void> {
    const first = held()[0];
    if (first === undefined) {
        return;
    }
    const who = describeLock(first);
    progress.note(`Another update of stack ${stack} is running (${who}): waiting for its end.`);
    await progress.run(`Waiting for the other update of stack ${stack}`, async () => {
        const deadline = Date.now() + waitLimit;
        while (held().length > 0) {
            if (Date.now() > deadline) {
                throw new Error(
                    `Stack ${stack} is still locked (${who}): stop that update, or run \`npm run pulumi -- cancel ${stack}\` if its process is gone.`,
                );
            }
            await sleep(500);
        }
    });
}

/**
 * `pulumi up` makes the resource of an unfinished create anew, but keeps the note of it and warns for ever. Where all of
 * them belong to this library, whose creates find again what they began, the notes are dropped.
 */
async function forgetUnfinishedCreates(
    workspace: Workspace,
    cli: PulumiCli,
    stack: string,
    backend: string,
    progress: Progress,
): Promise<void> {
    const types = readStackState(workspace, stack)?.pending ?? [];
    if (types.length === 0 || !types.every((type) => type.startsWith("pulumi-nodejs:dynamic"))) {
        return;
    }
    const file = join(backend, `recovered-${stack}-${process.pid}.json`);
    try {
        const text = await capturePulumi(workspace, cli, ["stack", "export", "--stack", stack]);
        writeFileSync(file, text, { mode: 0o600 });
        // An import drops every pending operation.
        await capturePulumi(workspace, cli, ["stack", "import", "--stack", stack, "--file", file]);
    } finally {
        rmSync(file, { force: true });
    }
    progress.note(`Forgot ${types.length} unfinished operation(s) of an update that was killed.`);
}
