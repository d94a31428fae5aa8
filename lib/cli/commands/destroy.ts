import { Command } from "commander";
import { sweepStack } from "../local-platform.js";
import { runPulumi } from "../pulumi-run.js";
import { recoverStack } from "../recovery.js";
import {
    isLocalStack,
    openStack,
    type StackOptions,
    stackExists,
    withStackOption,
} from "../stack.js";

/** `destroy`: takes everything of a stack down. */
export function destroyCommand(): Command {
    return withStackOption(new Command("destroy"))
        .summary("take everything of a stack down")
        .description(
            "Runs `pulumi destroy`, and for a local stack then removes what its state has lost after a crash: machines, mounts, bridges, firewall rules. What follows `--` is handed to `pulumi destroy`.",
        )
        .argument("[args...]", "further arguments of `pulumi destroy`")
        .action(async (args: string[], options: StackOptions) => {
            const stack = openStack(options);
            const { workspace, progress } = stack;
            if (stackExists(stack) !== false) {
                const cli = await stack.cli();
                await recoverStack(workspace, cli, stack.name, progress);
                const destroy = ["destroy", "--yes", "--skip-preview", "--stack", stack.name];
                const code = await runPulumi(workspace, cli, [...destroy, ...args]);
                if (code !== 0) {
                    process.exitCode = code;
                    return;
                }
            }
            // With arguments of the user's own (--target…) some of it may be meant to stay.
            if (isLocalStack(stack.name) && args.length === 0) {
                await sweepStack(stack);
            }
        });
}
