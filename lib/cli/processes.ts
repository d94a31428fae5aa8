import { readdirSync, readFileSync } from "node:fs";

/** A process of this host, as far as it can be seen. */
export interface HostProcess {
    readonly pid: number;
    readonly parent: number;
    /** Name of its executable, at most 15 characters long (`comm`). */
    readonly name: string;
    /** Its arguments, the command first. */
    readonly command: readonly string[];
    readonly startedAt: Date;
}

/** Source: proc(5), `USER_HZ`; 100 on every architecture that Node runs on. */
const ticksPerSecond = 100;

/** The process of that id; `undefined` when there is none, or only an ended one not yet reaped. */
export function findProcess(pid: number): HostProcess | undefined {
    const stat = read(`/proc/${pid}/stat`);
    const command = read(`/proc/${pid}/cmdline`);
    if (stat === undefined || command === undefined) {
        return undefined;
    }
    // The name stands in parentheses and may itself contain any character.
    const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
    const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z" || state === "X") {
        return undefined;
    }
    const ticks = Number(rest[17]);
    return {
        pid,
        parent: Number(parent),
        name,
        command: command.split("\0").slice(0, -1),
        startedAt: new Date((bootTime() + ticks / ticksPerSecond) * 1000),
    };
}

/** Every process of this host. Empty where there is no /proc. */
export function listProcesses(): HostProcess[] {
    let names: string[];
    try {
        names = readdirSync("/proc");
    } catch {
        return [];
    }
    return names
        .filter((name) => /^\d+$/.test(name))
        .map((name) => findProcess(Number(name)))
        .filter((process) => process !== undefined);
}

/** A variable of the environment that a process was started with. */
export function startedWith(pid: number, variable: string): string | undefined {
    const entry = read(`/proc/${pid}/environ`)
        ?.split("\0")
        .find((text) => text.startsWith(`${variable}=`));
    return entry?.slice(variable.length + 1);
}

/** Whether processes can be looked at here at all. */
export function canSeeProcesses(): boolean {
    return read("/proc/stat") !== undefined;
}

/** When this host was started, in seconds since the epoch. */
function bootTime(): number {
    return Number(/^btime (\d+)$/m.exec(read("/proc/stat") ?? "")?.[1]);
}

function read(file: string): string | undefined {
    try {
        return readFileSync(file, "utf8");
    } catch {
        return undefined;
    }
}
