// Shows one long step of the bootstrap: what it does and for how long it has been at it.
// (lib/cli/progress.ts is the richer one; it is not compiled yet when this is needed.)
import { spawn } from "node:child_process";
import process from "node:process";

const quietFor = 2_000;
const plainLineEvery = 15_000;
const linesOfError = 20;

/**
 * Runs a command and says `label` with the elapsed seconds once it takes longer than two seconds.
 * The beginning of its output is shown when it fails; then an error with the given sentence is thrown.
 */
export async function step(label, command, args, options, failure) {
    const started = Date.now();
    const elapsed = () => Math.round((Date.now() - started) / 1000);
    const live = process.stderr.isTTY;
    let shown = false;
    let nextLine = quietFor;
    const timer = setInterval(() => {
        const now = Date.now() - started;
        if (now < nextLine) {
            return;
        }
        if (live) {
            process.stderr.write(`\r\u001b[2K${label}… ${elapsed()} s`);
        } else {
            process.stderr.write(`${label}… ${elapsed()} s\n`);
            nextLine += plainLineEvery;
        }
        shown = true;
    }, 500);
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const output = [];
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    const stop = (signal) => child.kill(signal);
    process.once("SIGINT", stop).once("SIGTERM", stop);
    try {
        const ended = await new Promise((resolve) => {
            child.once("error", (error) => resolve(error.message));
            child.once("close", (code, signal) => resolve(signal ?? code));
        });
        if (ended !== 0) {
            const lines = Buffer.concat(output).toString().trimEnd().split("\n");
            const rest = lines.length > linesOfError ? ["…"] : [];
            const text = [...lines.slice(0, linesOfError), ...rest].join("\n");
            process.stderr.write(`${live && shown ? "\n" : ""}${text}\n`);
            throw new Error(`${failure} (${command} ended with ${ended}).`);
        }
        if (shown) {
            process.stderr.write(`${live ? "\r\u001b[2K" : ""}${label}: done in ${elapsed()} s\n`);
        }
    } finally {
        clearInterval(timer);
        process.off("SIGINT", stop).off("SIGTERM", stop);
    }
}
