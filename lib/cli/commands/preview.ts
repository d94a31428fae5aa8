import { Command } from "commander";
import { runPulumi } from "../pulumi-run.js";
import { ensureStack, openStack, type StackOptions, withStackOption } from "../stack.js";

/** `preview`: what `start` would change. */
export function previewCommand(): Command {
    return withStackOption(new Command("preview"))
        .summary("show what `start` would change")
        .description(
            "Runs `pulumi preview --diff`: every line of a unit or a cloud-config that would change. It opens no connection to the machines.",
        )
        .argument("[args...]", "further arguments of `pulumi preview`")
        .passThroughOptions()
        .allowUnknownOption()
        .action(async (args: string[], options: StackOptions) => {
            const stack = openStack(options);
            await ensureStack(stack);
            process.exitCode = await runPulumi(stack.workspace, await stack.cli(), [
                "preview",
                "--diff",
                "--stack",
                stack.name,
                ...args,
            ]);
        });
}
