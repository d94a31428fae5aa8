import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { GiveUpError, WaitTimeoutError, waitFor } from "../../clients/wait.js";
import { machinePaths } from "./disk.js";
import type { MachineManifest } from "./manifest.js";
import { isRunning, machineProcesses } from "./processes.js";

/** How long a start may take, and who is told about it. */
export interface StartOptions {
    /** Milliseconds until sshd must have answered; default one minute. */
    readonly limit?: number;
    readonly progress?: (message: string) => void;
}

/** Last lines of what a machine's console showed. */
export async function consoleTail(network: string, name: string, lines = 20): Promise<string> {
    const text = await readFile(machinePaths(network, name).console, "utf8").catch(() => "");
    return text.trimEnd().split("\n").slice(-lines).join("\n");
}

/**
 * Waits until sshd answers.
 *
 * @throws one sentence and the last lines of the console, at the limit or when the container ends.
 */
export async function waitForSsh(machine: MachineManifest, options: StartOptions): Promise<void> {
    const limit = options.limit ?? 60_000;
    const begun = Date.now();
    let looked = begun;
    const probe = async (): Promise<{ done: true } | { waiting: string }> => {
        const banner = await readBanner(machine.address.split("/")[0] ?? "");
        if (banner.startsWith("SSH-")) {
            return { done: true };
        }
        if (Date.now() - looked > 500) {
            looked = Date.now();
            if (!isRunning(await machineProcesses(machine.uuid))) {
                throw new GiveUpError("its container ended");
            }
        }
        return { waiting: "no answer on port 22" };
    };
    try {
        const wait = { deadline: begun + limit, interval: 25 };
        const onWaiting = (seen: string): void => options.progress?.(`booting: ${seen}`);
        await waitFor("sshd", { ...wait, onWaiting }, probe);
    } catch (cause) {
        if (!(cause instanceof GiveUpError || cause instanceof WaitTimeoutError)) {
            throw cause;
        }
        const tail = await consoleTail(machine.network, machine.name);
        throw new Error(
            `Machine "${machine.name}" did not boot: ${cause.message}. Last lines of its console:\n${tail}`,
        );
    }
}

function readBanner(host: string): Promise<string> {
    return new Promise((resolve) => {
        const socket = connect({ host, port: 22 });
        const done = (text: string): void => {
            socket.destroy();
            resolve(text);
        };
        socket.setTimeout(1000, () => done(""));
        socket.once("error", () => done(""));
        socket.once("data", (data) => done(data.toString("latin1")));
        socket.once("end", () => done(""));
    });
}
