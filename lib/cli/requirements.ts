import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Progress, Say } from "./progress.js";

/** Who may install packages here, if anybody. */
export interface PackageHost {
    readonly hasAptGet: boolean;
    readonly isRoot: boolean;
}

/** The command that installs packages, as one would type it. */
export function installCommand(packages: readonly string[]): string {
    return `apt-get update && apt-get install -y --no-install-recommends ${packages.join(" ")}`;
}

/**
 * Installs Debian packages, saying which; none is fine. Throws an error where that is not wanted
 * (`install` is false) or not possible: not root, no apt-get, a failed installation.
 */
export async function installRequirements(
    packages: readonly string[],
    install: boolean,
    progress: Progress,
    host: PackageHost = thisHost(),
): Promise<void> {
    if (packages.length === 0) {
        return;
    }
    const names = packages.join(", ");
    const command = installCommand(packages);
    if (!install) {
        throw new Error(`Debian packages are missing (${names}): run \`${command}\`.`);
    }
    if (!host.hasAptGet) {
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

function thisHost(): PackageHost {
    return { hasAptGet: existsSync("/usr/bin/apt-get"), isRoot: process.getuid?.() === 0 };
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
