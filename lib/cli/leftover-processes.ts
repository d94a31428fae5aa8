import { setTimeout as sleep } from "node:timers/promises";
import { findProcess, type HostProcess, listProcesses, startedWith } from "./processes.js";

/**
 * The helpers of a killed Pulumi CLI: its language host, the program, the dynamic provider. None of them ends by
 * itself when the CLI is gone, and the provider goes on with what it was doing. Those are meant that were
 * started for `backendUrl` and have no living CLI above them.
 */
export function leftoversOf(
    processes: readonly HostProcess[],
    backendOf: (pid: number) => string | undefined,
    backendUrl: string,
): HostProcess[] {
    const byId = new Map(processes.map((process) => [process.pid, process]));
    const hasLivingCli = (process: HostProcess): boolean => {
        const parent = byId.get(process.parent);
        return parent !== undefined && (isCli(parent) || hasLivingCli(parent));
    };
    return processes.filter(
        (process) =>
            isHelper(process) && backendOf(process.pid) === backendUrl && !hasLivingCli(process),
    );
}

/** Ends what {@link leftoversOf} finds on this host, and says what it was. */
export async function endLeftovers(backendUrl: string): Promise<HostProcess[]> {
    const backendOf = (pid: number) => startedWith(pid, "PULUMI_BACKEND_URL");
    const leftovers = leftoversOf(listProcesses(), backendOf, backendUrl);
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
        const running = leftovers.filter(isStillThere);
        for (const process_ of running) {
            signalIfThere(process_.pid, signal);
        }
        for (let turn = 0; turn < 20 && leftovers.some(isStillThere); turn += 1) {
            await sleep(100);
        }
    }
    return leftovers;
}

function isCli(process: HostProcess): boolean {
    return process.name === "pulumi";
}

function isHelper(process: HostProcess): boolean {
    const first = process.command[0] ?? "";
    return (
        /(^|\/)pulumi-(language|resource)-[a-z-]+$/.test(first) ||
        process.command.some((argument) =>
            /@pulumi\/pulumi\/cmd\/(run|dynamic-provider)\b/.test(argument),
        )
    );
}

function isStillThere(process: HostProcess): boolean {
    return findProcess(process.pid)?.startedAt.getTime() === process.startedAt.getTime();
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
    try {
        process.kill(pid, signal);
    } catch {
        // It ended in between.
    }
}
