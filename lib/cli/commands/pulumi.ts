import { Command } from "commander";
import { runPulumi } from "../pulumi-run.js";
import { openStack, type StackOptions, withStackOption } from "../stack.js";

/** `pulumi ARGS`: the Pulumi CLI with the environment of this project. */
export function pulumiCommand(): Command {
    return withStackOption(new Command("pulumi"))
        .summary("run the Pulumi CLI")
        .description(
            "Runs the Pulumi CLI that was found or built, with the backend and passphrase of this project. What follows is Pulumi's: pulumi stack output, pulumi up --target URN, pulumi --help…",
        )
        .argument("[args...]", "arguments of the Pulumi CLI")
        .passThroughOptions()
        .allowUnknownOption()
        .action(async (args: string[], options: StackOptions) => {
            const stack = openStack(options);
            const { workspace } = stack;
            const environment = { ...workspace.environment, PULUMI_STACK: stack.name };
            process.exitCode = await runPulumi(
                { ...workspace, environment },
                await stack.cli(),
                args,
            );
        });
}
