import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { prepareHost, prepareImage } from "../local-platform.js";
import { runProgram } from "../program-run.js";
import { packageRoot } from "../project.js";
import { openStack } from "../stack.js";

/** `test [PART…]`: this repository's tests. */
export function testCommand(): Command {
    return new Command("test")
        .summary("run this repository's tests")
        .description(
            "Installs what is missing, then runs the compiled tests with Node's own runner: all, or those whose path has one of the given parts. Needs root: machines are booted.",
        )
        .argument("[parts...]", "parts of paths: systemd, cli/stale-lock…")
        .option("-c, --concurrency <number>", "how many files at once", "1")
        .action(async (parts: string[], options: { concurrency: string }) => {
            const files = findTests(join(packageRoot, "dist", "test"), parts);
            if (files.length === 0) {
                throw new Error(`No test's path has ${parts.join(" or ")} in it.`);
            }
            // Most tests boot machines or run the engine; what these need is made once, side by side.
            const stack = openStack({ stack: "local" });
            await prepareHost(stack, true);
            await Promise.all([stack.cli(), prepareImage(stack)]);
            const args = ["--test", `--test-concurrency=${options.concurrency}`, ...files];
            process.exitCode = await runProgram(process.execPath, args, process.env);
        });
}

/** The test files below a folder whose path there has one of the parts; all of them where none is given. */
export function findTests(folder: string, parts: readonly string[]): string[] {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((path) => path.endsWith(".test.js"))
        .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)))
        .sort()
        .map((path) => join(folder, path));
}
