import { Command, CommanderError } from "commander";
import { benchCommand } from "./commands/bench.js";
import { destroyCommand } from "./commands/destroy.js";
import { etcdctlCommand } from "./commands/etcdctl.js";
import { fleetctlCommand } from "./commands/fleetctl.js";
import { logsCommand } from "./commands/logs.js";
import { previewCommand } from "./commands/preview.js";
import { pulumiCommand } from "./commands/pulumi.js";
import { sshCommand } from "./commands/ssh.js";
import { startCommand } from "./commands/start.js";
import { statusCommand } from "./commands/status.js";
import { testCommand } from "./commands/test.js";

/** The commands of this package. */
export function program(): Command {
    const commands = [
        startCommand(),
        previewCommand(),
        destroyCommand(),
        statusCommand(),
        sshCommand(),
        logsCommand(),
        fleetctlCommand(),
        etcdctlCommand(),
        pulumiCommand(),
        testCommand(),
        benchCommand(),
    ];
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
