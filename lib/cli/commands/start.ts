import { Command } from "commander";
import { readStatus } from "../cluster-status.js";
import { prepareHost, prepareImage, sweepLost } from "../local-platform.js";
import { hasCluster, readOutputs } from "../outputs.js";
import { runPulumi } from "../pulumi-run.js";
import { recoverStack } from "../recovery.js";
import {
    ensureStack,
    isLocalStack,
    openStack,
    type StackOptions,
    withStackOption,
} from "../stack.js";
import { describeStart } from "../summary.js";

/** Milliseconds that each machine has to answer: all of them did just now, so on a slow host they will. */
const PATIENCE = 30_000;

interface Options extends StackOptions {
    readonly install: boolean;
}

/** `start`: installs what is missing, brings the stack up and says what there is now. */
export function startCommand(): Command {
    return withStackOption(new Command("start"))
        .summary("bring a stack up")
        .description(
            "Installs what is missing (Debian packages, the Pulumi CLI, the machine image), puts a killed update in order, runs `pulumi up` and shows the cluster. What follows `--` is handed to `pulumi up`.",
        )
        .argument("[args...]", "further arguments of `pulumi up`")
        .option("--no-install", "print the command that installs missing Debian packages, and stop")
        .action(async (args: string[], options: Options) => {
            const stack = openStack(options);
            const { workspace, progress } = stack;
            const local = isLocalStack(stack.name);
            if (local) {
                await prepareHost(stack, options.install);
            }
            const [cli] = await Promise.all([stack.cli(), local ? prepareImage(stack) : undefined]);
            await recoverStack(workspace, cli, stack.name, progress);
            if (local) {
                await sweepLost(stack);
            }
            await ensureStack(stack);
            const up = [
                "up",
                "--yes",
                "--skip-preview",
                "--suppress-outputs",
                "--stack",
                stack.name,
            ];
            const code = await runPulumi(workspace, cli, [...up, ...args]);
            if (code !== 0) {
                process.exitCode = code;
                return;
            }
            const outputs = await readOutputs(stack);
            const lines = hasCluster(outputs)
                ? describeStart(await readStatus(outputs, PATIENCE), stack.name)
                : [`Stack ${stack.name} is up. It exports no cluster.`];
            process.stdout.write(`${lines.join("\n")}\n`);
        });
}
