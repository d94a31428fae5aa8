import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** A process that can't be mistaken for a later one of the same number. */
export interface Process {
    readonly pid: number;
    /** Ticks between the host's boot and its start, field 22 of proc(5)'s stat. */
    readonly started: string;
}

/** What runs of a machine. */
export interface MachineProcesses {
    /** The shell that starts the container again when it reboots. */
    readonly launcher?: Process;
    readonly nspawn?: Process;
    /** The container's init, alive though systemd-nspawn may have been killed. */
    readonly init?: Process;
}

/** SIGRTMIN+4: systemd powers the machine off, see systemd(1). */
export const POWER_OFF = 38;

/**
 * What runs of the machine with that uuid, found by looking at every process of this host: number,
 * start time and parents on record would be wrong after a crash.
 */
export async function machineProcesses(uuid: string): Promise<MachineProcesses> {
    const found: { launcher?: Process; nspawn?: Process; init?: Process } = {};
    const names = await readdir("/proc");
    const pids = names.filter((name) => /^\d+$/.test(name));
    await Promise.all(
        pids.map(async (pid) => {
            const role = await roleOf(pid, uuid);
            const started = role === undefined ? undefined : await startTime(pid);
            if (role !== undefined && started !== undefined) {
                found[role] = { pid: Number(pid), started };
            }
        }),
    );
    return found;
}

async function roleOf(pid: string, uuid: string): Promise<keyof MachineProcesses | undefined> {
    const command = (await readProc(pid, "cmdline")).split("\0");
    if (command.includes(`--uuid=${uuid}`)) {
        return command[0]?.endsWith("systemd-nspawn") ? "nspawn" : "launcher";
    }
    const isInit = /(^|\/)(systemd|init)$/.test(command[0]?.split(" ")[0] ?? "");
    const environment = isInit ? (await readProc(pid, "environ")).split("\0") : [];
    return environment.includes(`container_uuid=${uuid}`) ? "init" : undefined;
}

/** Whether anything of it runs. */
export function isRunning(processes: MachineProcesses): boolean {
    return Object.keys(processes).length > 0;
}

/** Sends a signal, unless the process has ended. */
export async function signal(process_: Process, number: number | "SIGKILL"): Promise<void> {
    if ((await startTime(String(process_.pid))) === process_.started) {
        try {
            process.kill(process_.pid, number);
        } catch (cause) {
            if ((cause as NodeJS.ErrnoException).code !== "ESRCH") {
                throw cause;
            }
        }
    }
}

/** Waits until nothing of the machine runs; answers whether that came in time. */
export async function waitUntilGone(uuid: string, milliseconds: number): Promise<boolean> {
    const end = Date.now() + milliseconds;
    while (isRunning(await machineProcesses(uuid))) {
        if (Date.now() > end) {
            return false;
        }
        await sleep(25);
    }
    return true;
}

async function startTime(pid: string): Promise<string | undefined> {
    const stat = await readProc(pid, "stat");
    // The name, in brackets, may hold blanks and brackets.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
}

async function readProc(pid: string, name: string): Promise<string> {
    try {
        return await readFile(`/proc/${pid}/${name}`, "latin1");
    } catch {
        return "";
    }
}
