import { Command, CommanderError } from "commander";
import { pulumiCommand } from "./commands/pulumi.js";

/** The commands of this package. */
export function program(): Command {
    const commands = [pulumiCommand()];
    const root = new Command("pulumi-coreos")
        .description("etcd and fleet clusters on CoreOS-style machines, through Pulumi")
        .enablePositionalOptions();
    for (const command of commands) {
        root.addCommand(command);
    }
    return root;
}

/** Runs the command that `args` name. Resolves with the exit code. */
export async function run(args: readonly string[]): Promise<number> {
    try {
        const root = program().exitOverride();
        for (const command of root.commands) {
            command.exitOverride();
        }
        await root.parseAsync([...args], { from: "user" });
        return Number(process.exitCode ?? 0);
    } catch (error) {
        if (error instanceof CommanderError) {
            return error.exitCode;
        }
        process.stderr.write(`${describe(error)}\n`);
        return 1;
    }
}

/** One sentence is enough for a user; the stack is there for whoever works on this. */
function describe(error: unknown): string {
    if (!(error instanceof Error)) {
        return String(error);
    }
    return process.env["PULUMI_COREOS_DEBUG"] ? (error.stack ?? error.message) : error.message;
}
