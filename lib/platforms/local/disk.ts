import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./command.js";
import { type MachineManifest, machineDirectory } from "./manifest.js";
import { gatewayAddress } from "./network.js";

/** Where the parts of a machine lie on this host. */
export interface MachinePaths {
    readonly directory: string;
    /** The mounted root file system while the machine is not stopped. */
    readonly root: string;
    readonly upper: string;
    readonly work: string;
    readonly configDrive: string;
    readonly console: string;
    /** Its devices beside the root, by label. */
    readonly disks: string;
}

export function machinePaths(network: string, name: string): MachinePaths {
    const directory = machineDirectory(network, name);
    return {
        directory,
        root: join(directory, "root"),
        upper: join(directory, "upper"),
        work: join(directory, "work"),
        configDrive: join(directory, "configdrive"),
        console: join(directory, "console.log"),
        disks: join(directory, "disks"),
    };
}

/** Mounts a machine's disk, its own layer over the image, unless it is mounted. */
export async function mountDisk(paths: MachinePaths, imageRoot: string): Promise<void> {
    if ((await mountsBelow(paths.directory)).includes(paths.root)) {
        return;
    }
    for (const path of [paths.root, paths.upper, paths.work]) {
        await mkdir(path, { recursive: true });
    }
    const layers = `lowerdir=${imageRoot},upperdir=${paths.upper},workdir=${paths.work}`;
    await run("mount", ["-t", "overlay", "-o", layers, "overlay", paths.root]);
}

/** Takes away every mount below a machine's directory. */
export async function unmountDisk(paths: MachinePaths): Promise<void> {
    for (const target of (await mountsBelow(paths.directory)).reverse()) {
        try {
            await run("umount", [target]);
        } catch {
            // Something still looks into it; it goes when that lets go.
            await run("umount", ["--lazy", target]);
        }
    }
    await rmdir(paths.root).catch(() => {});
}

/** Writes what makes a mounted disk this machine's: its identity, address and name servers. */
export async function writeIdentity(
    machine: MachineManifest,
    root: string,
    subnet: string,
): Promise<void> {
    const [ip] = machine.address.split("/");
    const [publicIp] = (machine.publicAddress ?? machine.address).split("/");
    const files: Record<string, string> = {
        "etc/machine-id": `${machineId(machine.uuid)}\n`,
        "etc/hostname": `${machine.hostname}\n`,
        "etc/hosts": `127.0.0.1 localhost\n127.0.1.1 ${machine.hostname}\n`,
        "etc/environment": `COREOS_PRIVATE_IPV4=${ip}\nCOREOS_PUBLIC_IPV4=${publicIp}\n`,
        "etc/resolv.conf": await nameServers(),
        "etc/systemd/network/10-host0.network": [
            "[Match]",
            "Name=host0",
            "",
            "[Link]",
            `MACAddress=${hardwareAddressOf(ip ?? "")}`,
            "",
            "[Network]",
            `Address=${machine.address}`,
            ...(machine.publicAddress === undefined ? [] : [`Address=${machine.publicAddress}`]),
            `Gateway=${gatewayAddress(subnet)}`,
            "LinkLocalAddressing=no",
            "IPv6AcceptRA=no",
            "",
        ].join("\n"),
    };
    for (const [path, content] of Object.entries(files)) {
        await writeFile(join(root, path), content);
    }
}

/**
 * Ethernet address that follows from the IPv4 address: a machine that takes the place of another is found at once,
 * and not only when its neighbours have forgotten the other's.
 */
function hardwareAddressOf(ip: string): string {
    const bytes = ip.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
    // The second lowest bit marks an address that no maker gave.
    return ["02", "50", ...bytes].join(":");
}

/** A uuid as `/etc/machine-id` has it, see machine-id(5). */
export function machineId(uuid: string): string {
    return uuid.replaceAll("-", "");
}

/** The host's name servers; those on its loopback, which machines can't reach, give way to what they ask. */
async function nameServers(): Promise<string> {
    for (const file of ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"]) {
        const text = await readFile(file, "utf8").catch(() => "");
        const servers = [...text.matchAll(/^nameserver\s+(\d[\d.]+)\s*$/gm)]
            .map(([, server = ""]) => server)
            .filter((server) => !server.startsWith("127."));
        if (servers.length > 0) {
            return servers.map((server) => `nameserver ${server}\n`).join("");
        }
    }
    return "";
}

async function mountsBelow(directory: string): Promise<string[]> {
    const table = await readFile("/proc/self/mountinfo", "utf8");
    return table
        .split("\n")
        .map((line) => (line.split(" ")[4] ?? "").replaceAll("\\040", " "))
        .filter((target) => target.startsWith(`${directory}/`));
}
