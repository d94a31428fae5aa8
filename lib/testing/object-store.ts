import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { waitFor } from "../clients/wait.js";
import { run } from "../platforms/local/command.js";
import type { Account } from "./account.js";

const SERVER = join(__dirname, "object-server.js");
const PORT = 80;

/**
 * Puts the account's object store beside the machines of a network: a process in a network namespace of its own, which
 * ends with the process, and so does its link. Does nothing where it is there.
 *
 * @param address with prefix length
 */
export async function openObjectStore(
    account: Account,
    bridge: string,
    address: string,
): Promise<void> {
    if ((await storeProcesses(account, bridge)).length > 0) {
        return;
    }
    const command = [process.execPath, SERVER, account.directory, String(PORT), bridge];
    const child = spawn("unshare", ["--net", ...command], {
        detached: true,
        stdio: "ignore",
        cwd: "/",
        env: {},
    });
    const pid = await started(child);
    child.unref();
    const inside = (...args: string[]) =>
        run("nsenter", [`--net=/proc/${pid}/ns/net`, "ip", ...args]);
    const link = linkName(bridge);
    try {
        await separated(pid);
        const peer = ["type", "veth", "peer", "name", "store", "netns", String(pid)];
        await run("ip", ["link", "add", "name", link, ...peer]);
        await run("ip", ["link", "set", "dev", link, "master", bridge, "up"]);
        await inside("address", "add", address, "dev", "store");
        await inside("link", "set", "dev", "store", "up");
    } catch (cause) {
        process.kill(pid, "SIGKILL");
        throw cause;
    }
}

/** Ends the account's object stores, or the one on a bridge. */
export async function closeObjectStore(account: Account, bridge?: string): Promise<void> {
    for (const pid of await storeProcesses(account, bridge)) {
        process.kill(pid, "SIGKILL");
    }
}

/** Found by their command lines, so that those of a run that was killed are found too. */
async function storeProcesses(account: Account, bridge?: string): Promise<number[]> {
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    const found = await Promise.all(
        pids.map(async (pid) => {
            const text = await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "");
            const args = text.split("\0");
            const at = args.findIndex((arg) => arg.endsWith("/object-server.js"));
            const isOurs = at >= 0 && args[at + 1] === account.directory;
            return isOurs && (bridge === undefined || args[at + 3] === bridge) ? [Number(pid)] : [];
        }),
    );
    return found.flat();
}

function started(child: ChildProcess): Promise<number> {
    return new Promise((resolve, reject) => {
        child.once("spawn", () => resolve(child.pid ?? 0));
        child.once("error", reject);
    });
}

/** Until the process has left this one's network. */
async function separated(pid: number): Promise<void> {
    const own = await readlink("/proc/self/ns/net");
    const wait = { deadline: Date.now() + 10_000, interval: 20 };
    await waitFor("the object store of a simulated cloud to start", wait, async () =>
        (await readlink(`/proc/${pid}/ns/net`)) === own
            ? { waiting: "it has no network of its own" }
            : { done: undefined },
    );
}

function linkName(bridge: string): string {
    return `co-${createHash("sha256").update(bridge).digest("hex").slice(0, 10)}`;
}
