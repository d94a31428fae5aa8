import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, relative } from "node:path";

/**
 * What can be made again: built Go programs, machine images, downloaded packages.
 * `$PULUMI_COREOS_CACHE`, else `$XDG_CACHE_HOME/pulumi-coreos`, else `~/.cache/pulumi-coreos`.
 */
export function cacheDirectory(): string {
    const { PULUMI_COREOS_CACHE: own, XDG_CACHE_HOME: cacheHome } = process.env;
    return own || join(cacheHome || join(homedir(), ".cache"), "pulumi-coreos");
}

/**
 * What must outlive a run: networks, machines and their disks.
 * `$PULUMI_COREOS_STATE`, else `/var/lib/pulumi-coreos`.
 */
export function stateDirectory(): string {
    return process.env["PULUMI_COREOS_STATE"] || "/var/lib/pulumi-coreos";
}

/** A path in this package's `toolchain` folder, whether the code runs compiled or not. */
export function toolchainPath(...parts: string[]): string {
    for (let at = __dirname; ; at = dirname(at)) {
        const candidate = join(at, "toolchain");
        if (existsSync(join(at, "package.json")) && existsSync(candidate)) {
            return join(candidate, ...parts);
        }
        if (at === dirname(at)) {
            throw new Error("The folder toolchain is missing from this package: install it anew.");
        }
    }
}

/** Hash of the names, contents and executable bits of all files below a directory, and of `extra`. */
export function contentHash(directory: string, extra: unknown): string {
    const hash = createHash("sha256").update(JSON.stringify(extra));
    const files = readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
    for (const file of files) {
        const executable = (statSync(file).mode & 0o100) !== 0;
        const content = readFileSync(file);
        const name = relative(directory, file);
        hash.update(JSON.stringify([name, executable, content.length])).update(content);
    }
    return hash.digest("hex").slice(0, 16);
}
