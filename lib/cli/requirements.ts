import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Progress, Say } from "./progress.js";

/** A command that the local platform calls, and the Debian package that has it. */
export interface Requirement {
    readonly command: string;
    readonly package: string;
}

/** What the local platform needs of the host; `mount` and the like are on every Debian. */
export const localRequirements: readonly Requirement[] = [
    { command: "systemd-nspawn", package: "systemd-container" },
    { command: "debootstrap", package: "debootstrap" },
    { command: "nft", package: "nftables" },
    { command: "ip", package: "iproute2" },
];

/** The host, as far as its packages are concerned. */
export interface PackageHost {
    has(command: string): boolean;
    readonly isRoot: boolean;
}

/** Packages that are missing, each once. */
export function missingPackages(
    requirements: readonly Requirement[],
    host: PackageHost,
): readonly string[] {
    const missing = requirements.filter(({ command }) => !host.has(command));
    return [...new Set(missing.map((requirement) => requirement.package))];
}

/** The command that installs packages, as one would type it. */
export function installCommand(packages: readonly string[]): string {
    return `apt-get update && apt-get install -y --no-install-recommends ${packages.join(" ")}`;
}

/**
 * Installs the Debian packages that are missing, saying which. Throws an error where that is not wanted
 * (`install` is false) or not possible: not root, no apt-get, a failed installation.
 */
export async function installRequirements(
    requirements: readonly Requirement[],
    install: boolean,
    progress: Progress,
    host: PackageHost = thisHost(),
): Promise<void> {
    const packages = missingPackages(requirements, host);
    if (packages.length === 0) {
        return;
    }
    const names = packages.join(", ");
    const command = installCommand(packages);
    if (!install) {
        throw new Error(`Debian packages are missing (${names}): run \`${command}\`.`);
    }
    if (!host.has("apt-get")) {
        throw new Error(
            `The local platform needs what Debian calls ${names}, and there is no apt-get here: use a Debian or Ubuntu machine.`,
        );
    }
    if (!host.isRoot) {
        throw new Error(
            `Debian packages are missing (${names}): run this as root, or first \`sudo sh -c '${command}'\`.`,
        );
    }
    progress.note(`Installing Debian packages: ${names}`);
    await progress.run("Installing Debian packages", async (say) => {
        await aptGet(["update"], say);
        await aptGet(["install", "-y", "--no-install-recommends", ...packages], say);
    });
}

/** The host that this process runs on. */
export function thisHost(environment: NodeJS.ProcessEnv = process.env): PackageHost {
    // A user's PATH often lacks the folders of administration commands.
    const path = `${environment.PATH ?? ""}${delimiter}/usr/local/sbin${delimiter}/usr/sbin${delimiter}/sbin`;
    const folders = path.split(delimiter).filter((folder) => folder !== "");
    return {
        has: (command) => folders.some((folder) => isExecutable(join(folder, command))),
        isRoot: process.getuid?.() === 0,
    };
}

function aptGet(args: readonly string[], say: Say): Promise<void> {
    const command = `apt-get ${args[0]}`;
    say(`(${command})`);
    return new Promise((resolve, reject) => {
        const child = spawn("apt-get", [...args], {
            env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
            stdio: ["ignore", "pipe", "pipe"],
        });
        const lines: string[] = [];
        const keep = (chunk: Buffer): void => {
            lines.push(...chunk.toString().trim().split("\n"));
            const last = lines.at(-1) ?? "";
            say(`(${command}: ${last.slice(0, 60)})`);
        };
        child.stdout.on("data", keep);
        child.stderr.on("data", keep);
        child.once("error", (error) => reject(new Error(`${command}: ${error.message}.`)));
        child.once("close", (code) => {
            if (code === 0) {
                resolve();
                return;
            }
            const errors = lines.filter((line) => line.startsWith("E: "));
            const reason = (errors.length > 0 ? errors : lines.slice(-1)).join(" ");
            reject(new Error(`${command} failed: ${reason}`));
        });
    });
}

function isExecutable(file: string): boolean {
    try {
        accessSync(file, constants.X_OK);
        return true;
    } catch {
        return false;
    }
}
