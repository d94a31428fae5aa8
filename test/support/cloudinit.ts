import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { text as readText } from "node:stream/consumers";
import { goBuild } from "../../lib/platforms/local/go-build.js";

/** One line of the original validator's report. */
export interface Entry {
    readonly kind: "error" | "warning" | "info";
    readonly line: number;
    readonly message: string;
}

/** What the original makes of a text. */
export interface Finding {
    readonly report: readonly Entry[];
    /** What the original parsed, by its keys; what is empty is left out. Absent for a bad document. */
    readonly document?: unknown;
    /** Why the original can't parse the text. */
    readonly error?: string;
}

let built: Promise<string> | undefined;

function directory(): Promise<string> {
    built ??= goBuild("coreos-cloudinit", () => {});
    return built;
}

/** Has the original code validate and parse these texts, all in one process. */
export async function inspect(texts: readonly string[]): Promise<Finding[]> {
    const program = spawn(join(await directory(), "inspect"), [], {
        stdio: ["pipe", "pipe", "inherit"],
    });
    program.stdin.end(JSON.stringify(texts));
    const answer = await readText(program.stdout);
    const findings: Finding[] = answer
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
    if (findings.length !== texts.length) {
        throw new Error(`the original answered ${findings.length} of ${texts.length} documents`);
    }
    return findings;
}

/** Runs the agent itself: its exit status and what it printed. */
export async function agent(
    ...args: readonly string[]
): Promise<{ status: number; stdout: string; stderr: string }> {
    const program = join(await directory(), "coreos-cloudinit");
    return new Promise((resolve) => {
        execFile(program, args, (error, stdout, stderr) => {
            const status = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
            resolve({ status, stdout, stderr });
        });
    });
}
