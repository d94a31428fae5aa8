// What a checkout of this package needs before its compiled code can run: dependencies, build and a
// link to itself. Node's own modules only, since this runs before `npm ci`.
import { createHash } from "node:crypto";
import {
    existsSync,
    lstatSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    readlinkSync,
    rmSync,
    statSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { dirname, join, sep } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { step } from "./step.mjs";

/** The folder of this package. */
export const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** Whether the sources are here, and not just an installed package. */
export function isCheckout() {
    return (
        existsSync(join(packageRoot, "tsconfig.json")) &&
        existsSync(join(packageRoot, "lib")) &&
        !packageRoot.split(sep).includes("node_modules")
    );
}

/** Throws one sentence if this Node is older than package.json's `engines` asks for. */
export function requireNode() {
    const manifest = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
    const floor = manifest.engines.node.replace(/^>=/, "");
    const [major, minor] = process.versions.node.split(".").map(Number);
    const [floorMajor, floorMinor] = floor.split(".").map(Number);
    if (major < floorMajor || (major === floorMajor && minor < floorMinor)) {
        throw new Error(`Node.js ${floor} or newer is needed; this is ${process.versions.node}.`);
    }
}

/** Runs `npm ci`, unless the installed dependencies are those of package-lock.json. */
export async function installDependencies() {
    const lock = readFileSync(join(packageRoot, "package-lock.json"));
    const hash = createHash("sha256").update(lock).digest("hex");
    const stamp = join(packageRoot, "node_modules", ".pulumi-coreos-lock");
    if (readIfThere(stamp) === hash) {
        return;
    }
    if (!matchesInstalled(JSON.parse(lock.toString()))) {
        await step(
            "Installing the npm dependencies (npm ci)",
            "npm",
            ["ci", "--include=dev", "--ignore-scripts", "--no-progress"],
            { cwd: packageRoot },
            "The npm dependencies can't be installed",
        );
    }
    writeFileSync(stamp, hash);
}

// npm leaves the list of what it really installed in node_modules/.package-lock.json.
function matchesInstalled(lock) {
    const text = readIfThere(join(packageRoot, "node_modules", ".package-lock.json"));
    if (text === undefined) {
        return false;
    }
    const installed = JSON.parse(text).packages;
    return Object.entries(lock.packages).every(([path, entry]) => {
        const there = installed[path];
        return (
            path === "" ||
            (there === undefined ? entry.optional || entry.devOptional : same(there, entry))
        );
    });
}

function same(one, other) {
    return one.version === other.version && one.integrity === other.integrity;
}

/** Compiles the sources with `tsc`, if any of them changed since the last time. */
export async function build() {
    const record = join(packageRoot, "dist", ".sources");
    const before = readIfThere(record) ?? "";
    const now = listSources().join("\n");
    if (before === now) {
        return;
    }
    if (hasRemovals(before, now)) {
        // What was compiled from a source that is gone would live on, tests among it.
        rmSync(join(packageRoot, "dist"), { recursive: true, force: true });
    }
    const compiler = join(packageRoot, "node_modules", ".bin", "tsc");
    await step(
        "Compiling",
        compiler,
        [],
        { cwd: packageRoot },
        "The sources of this checkout don't compile",
    );
    mkdirSync(dirname(record), { recursive: true });
    writeFileSync(record, now);
}

// One line a source: path, size and time of its last change.
function listSources() {
    const lines = [];
    const visit = (path) => {
        const stat = statSync(join(packageRoot, path), { throwIfNoEntry: false });
        if (stat?.isDirectory()) {
            for (const name of readdirSync(join(packageRoot, path)).sort()) {
                visit(join(path, name));
            }
        } else if (stat !== undefined) {
            lines.push(`${path}\t${stat.size}\t${stat.mtimeMs}`);
        }
    };
    ["lib", "test", "bench", "stacks", "tsconfig.json", "package-lock.json"].forEach(visit);
    return lines;
}

function hasRemovals(before, now) {
    const paths = new Set(now.split("\n").map((line) => line.split("\t")[0]));
    return before.split("\n").some((line) => line !== "" && !paths.has(line.split("\t")[0]));
}

/**
 * Links node_modules/pulumi-coreos to this folder: Pulumi's provider process resolves the package
 * by its name from the project's folder, and a package can't see itself from there.
 */
export function linkSelf() {
    const link = join(packageRoot, "node_modules", "pulumi-coreos");
    const there = lstatSync(link, { throwIfNoEntry: false });
    if (there?.isSymbolicLink() && readlinkSync(link) === "..") {
        return;
    }
    rmSync(link, { recursive: true, force: true });
    symlinkSync("..", link, "dir");
}

function readIfThere(path) {
    try {
        return readFileSync(path, "utf8");
    } catch {
        return undefined;
    }
}
