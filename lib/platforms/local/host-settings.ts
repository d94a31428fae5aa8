import { existsSync } from "node:fs";
import { readdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stateDirectory } from "./directories.js";
import { exclusively } from "./exclusive.js";
import { listNetworks, readRecord, writeAtomically } from "./manifest.js";

/** What all networks of this host together ask of its kernel. */
export interface HostNeeds {
    readonly machines: number;
    /** Interfaces through which machines reach the world. */
    readonly uplinks: readonly string[];
}

interface HostRecord {
    /** By network id. */
    readonly networks: Readonly<Record<string, HostNeeds>>;
    /** Settings that were changed: path below /proc/sys, the value found and the value given. */
    readonly changed: Readonly<Record<string, { readonly found: string; readonly given: string }>>;
}

/**
 * The least values of kernel settings, by path below `/proc/sys`.
 *
 * A machine holds about six inotify instances (all machines share root's) and some keyrings of each of its system users.
 * Only the uplink and the bridges forward, not the whole host.
 */
export function leastSettings(needs: HostNeeds): Record<string, number> {
    if (needs.machines === 0) {
        return {};
    }
    const settings: Record<string, number> = {
        "fs/inotify/max_user_instances": 64 + 8 * needs.machines,
        "kernel/keys/maxkeys": 100 + 8 * needs.machines,
    };
    for (const uplink of needs.uplinks) {
        settings[`net/ipv4/conf/${uplink}/forwarding`] = 1;
    }
    return settings;
}

/** Brings the host's settings to what this network and all others need; idempotent. */
export async function holdHostSettings(network: string, needs: HostNeeds): Promise<void> {
    await adjust((networks) => ({ ...networks, [network]: needs }));
}

/** Takes a network's needs back; what no other network needs gets its former value. */
export async function releaseHostSettings(network: string): Promise<void> {
    await adjust(({ [network]: _, ...others }) => others);
}

/**
 * Removes what is left of the state directory where no network is: settings whose network is gone,
 * files that a crash left half-written, the directory itself.
 */
export async function tidyState(): Promise<void> {
    await withHostLock(async () => {
        const present = new Set(await listNetworks());
        await adjust((networks) =>
            Object.fromEntries(Object.entries(networks).filter(([id]) => present.has(id))),
        );
        const directory = stateDirectory();
        for (const name of await readdir(directory).catch(() => [])) {
            if (name.startsWith("host.json.tmp-")) {
                await rm(join(directory, name), { force: true });
            }
        }
        // Fails while networks are there.
        await rmdir(directory).catch(() => {});
    });
}

/** Runs work that changes what the networks of this host share, alone. */
export function withHostLock<T>(work: () => Promise<T>): Promise<T> {
    return exclusively(`host ${stateDirectory()}`, work);
}

/** The sum of all needs. */
export function combine(networks: Readonly<Record<string, HostNeeds>>): HostNeeds {
    const all = Object.values(networks);
    return {
        machines: all.reduce((sum, one) => sum + Math.max(1, one.machines), 0),
        uplinks: [...new Set(all.flatMap((one) => one.uplinks))].sort(),
    };
}

async function adjust(
    change: (networks: HostRecord["networks"]) => HostRecord["networks"],
): Promise<void> {
    const file = join(stateDirectory(), "host.json");
    const record = (await readRecord<HostRecord>(file)) ?? { networks: {}, changed: {} };
    const networks = change(record.networks);
    const wanted = leastSettings(combine(networks));
    const changed: Record<string, { found: string; given: string }> = {};
    const writes: [path: string, value: string][] = [];

    for (const [path, least] of Object.entries(wanted)) {
        const current = await readSetting(path);
        const before = record.changed[path];
        if (current === undefined) {
            continue;
        }
        const found = before !== undefined && before.given === current ? before.found : current;
        if (Number(found) >= least) {
            if (found !== current) {
                writes.push([path, found]);
            }
        } else {
            changed[path] = { found, given: String(least) };
            if (current !== String(least)) {
                writes.push([path, String(least)]);
            }
        }
    }
    for (const [path, { found, given }] of Object.entries(record.changed)) {
        // A value that somebody else has set since then is left alone.
        if (wanted[path] === undefined && (await readSetting(path)) === given) {
            writes.push([path, found]);
        }
    }

    // What is about to be restored stays on record until it is restored.
    const during = { networks, changed: { ...record.changed, ...changed } };
    if (Object.keys(during.changed).length > 0 || Object.keys(networks).length > 0) {
        await writeAtomically(file, `${JSON.stringify(during, null, 4)}\n`);
    }
    for (const [path, value] of writes) {
        await writeSetting(path, value);
    }
    if (Object.keys(networks).length === 0) {
        await rm(file, { force: true });
    } else {
        await writeAtomically(file, `${JSON.stringify({ networks, changed }, null, 4)}\n`);
    }
}

async function readSetting(path: string): Promise<string | undefined> {
    const file = join("/proc/sys", path);
    return existsSync(file) ? (await readFile(file, "utf8")).trim() : undefined;
}

async function writeSetting(path: string, value: string): Promise<void> {
    try {
        await writeFile(join("/proc/sys", path), value);
    } catch (cause) {
        throw new Error(
            `The kernel setting ${path.replaceAll("/", ".")} can't be set to ${value} (${String(cause)}): set it by hand.`,
        );
    }
}
