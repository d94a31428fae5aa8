import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { quoteShell } from "../../lib/clients/index.js";

// Stands for the Pulumi CLI: prints what it is called with, and ends with the code that it is told.
const script = `#!/bin/sh
if [ "$1" = version ]; then echo "v$FAKE_VERSION"; exit; fi
if [ "$1 $2" = "stack output" ]; then cat outputs.json; exit; fi
if [ "$1" = wait ]; then
    trap 'interrupts=$((interrupts + 1))' INT
    echo waiting
    while [ -z "$interrupts" ]; do sleep 0.05; done
    sleep 0.3
    echo "interrupts $interrupts"
    exit 130
fi
echo "stack=$PULUMI_STACK"
for argument in "$@"; do echo "[$argument]"; done
exit "\${FAKE_EXIT:-0}"
`;

const main = join(__dirname, "..", "..", "lib", "cli", "main.js");
const call = `require(${JSON.stringify(main)}).run(process.argv.slice(1)).then((code) => { process.exitCode = code; });`;

/** Writes an executable. */
export function install(folder: string, name: string, text: string): void {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
}

/** Makes a folder a Pulumi project, with a Pulumi CLI that only prints. `stack output` prints `outputs.json`. */
export function makeProject(folder: string): void {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: demo\nruntime: nodejs\n");
    install(folder, "pulumi", script);
    install(folder, "pulumi-language-nodejs", "");
    install(folder, "pulumi-resource-pulumi-nodejs", "");
}

/** Starts a command of this package in such a folder, on a pseudo-terminal of its own if that is wanted (script(1)). */
export function start(
    folder: string,
    args: readonly string[],
    environment: NodeJS.ProcessEnv = {},
    terminal = false,
): ChildProcess {
    const line = [process.execPath, "-e", call, "--", ...args];
    const [program = "", ...rest] = terminal
        ? ["script", "-qfec", `exec ${line.map(quoteShell).join(" ")}`, "/dev/null"]
        : line;
    return spawn(program, rest, {
        cwd: folder,
        env: {
            PATH: `${folder}:/usr/bin:/bin`,
            FAKE_VERSION: "3.259.0",
            PULUMI_COREOS_CACHE: join(folder, "cache"),
            PULUMI_COREOS_DOWNLOAD: "0",
            ...environment,
        },
        stdio: ["pipe", "pipe", "pipe"],
    });
}

/** What a command printed, and its exit code. */
export async function ended(child: ChildProcess, input = "") {
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk: Buffer) => {
        stdout += chunk.toString();
    });
    child.stderr?.on("data", (chunk: Buffer) => {
        stderr += chunk.toString();
    });
    child.stdin?.end(input);
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, stdout, stderr };
}
