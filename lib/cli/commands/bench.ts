import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { runProgram } from "../program-run.js";
import { packageRoot } from "../project.js";

/** `bench`: this repository's benchmarks. */
export function benchCommand(): Command {
    return new Command("bench")
        .summary("run this repository's benchmarks")
        .description("Runs bench/main.ts, compiled; each figure is a ratio measured in one run.")
        .argument("[args...]", "arguments of the benchmarks")
        .passThroughOptions()
        .allowUnknownOption()
        .action(async (args: string[]) => {
            const file = join(packageRoot, "dist", "bench", "main.js");
            if (!existsSync(file)) {
                throw new Error("The benchmarks are in the checkout only, in bench/main.ts.");
            }
            process.exitCode = await runProgram(process.execPath, [file, ...args], process.env);
        });
}
