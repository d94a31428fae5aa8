import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ClusterLook, type ClusterStatus, isWell } from "./cluster-status.js";
import { type ClusterOutputs, readCluster } from "./outputs.js";
import type { Stack } from "./stack.js";
import { describeCluster } from "./summary.js";
import { stateFile } from "./workspace.js";

/** Milliseconds after which a backend elsewhere is asked again. */
const REREAD = 30_000;

/** How a cluster is watched. */
export interface WatchOptions {
    /** Seconds between two looks. */
    readonly pause: number;
    readonly json: boolean;
}

/** Shows a cluster again and again, until it is interrupted; a cluster that does not answer is no end. */
export async function watchCluster(
    stack: Stack,
    first: ClusterOutputs,
    { pause, json }: WatchOptions,
): Promise<never> {
    let look = new ClusterLook(first);
    let state = changeOf(stack);
    let seen: { readonly status: ClusterStatus; readonly at: Date } | undefined;
    for (;;) {
        const now = changeOf(stack);
        if (now !== state) {
            state = now;
            // In the middle of an update the outputs may be gone for a while: those of before still count.
            const outputs = await readCluster(stack).catch(() => undefined);
            if (outputs !== undefined) {
                await look.close();
                look = new ClusterLook(outputs);
            }
        }
        const status = await look.read();
        const at = new Date();
        if (status.problems.length === 0) {
            seen = { status, at };
        }
        process.exitCode = isWell(status) ? 0 : 1;
        show(
            json
                ? JSON.stringify(status, undefined, 4).split("\n")
                : [
                      `${clock(at)}, every ${pause} s`,
                      "",
                      ...describeCluster(recall(status, seen)),
                      "",
                  ],
        );
        await sleep(pause * 1000);
    }
}

/** Where fleet does not answer: its units as they were when it last did. */
function recall(
    status: ClusterStatus,
    seen: { readonly status: ClusterStatus; readonly at: Date } | undefined,
): ClusterStatus {
    if (status.problems.length === 0 || seen === undefined) {
        return status;
    }
    const { units, services } = seen.status;
    const note = `units and services are shown as they were at ${clock(seen.at)}`;
    return { ...status, units, services, problems: [...status.problems, note] };
}

/** Writes over what was shown before, as far as the terminal is high; without a terminal, below it. */
function show(lines: readonly string[]): void {
    if (!process.stdout.isTTY) {
        process.stdout.write(`${lines.join("\n")}\n`);
        return;
    }
    const room = Math.max(2, (process.stdout.rows || 24) - 1);
    const shown =
        lines.length <= room
            ? lines
            : [...lines.slice(0, room - 1), `(${lines.length - room + 1} more lines)`];
    const wide = process.stdout.columns || 80;
    // From the top left corner; the rest of each line and of the screen is cleared (ECMA-48, CUP, EL, ED).
    const text = shown.map((line) => `${cut(line, wide)}\u001b[K\n`).join("");
    process.stdout.write(`\u001b[H${text}\u001b[J`);
}

function cut(line: string, wide: number): string {
    return line.length <= wide ? line : `${line.slice(0, wide - 1)}…`;
}

function clock(at: Date): string {
    return at.toTimeString().slice(0, 8);
}

/** Another value after each change of the stack's state; where only its backend knows, every 30 seconds. */
function changeOf({ name, workspace }: Stack): number {
    const { embeddedBackend: backend, project } = workspace;
    return backend === undefined
        ? Math.floor(Date.now() / REREAD)
        : (statSync(stateFile(backend, project.name, name), { throwIfNoEntry: false })?.mtimeMs ??
              0);
}
