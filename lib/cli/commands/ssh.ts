import { Command } from "commander";
import { withAccess } from "../../clients/index.js";
import { readCluster } from "../outputs.js";
import { openStack, type StackOptions, withStackOption } from "../stack.js";
import { attach, terminalSize } from "../terminal.js";

interface Options extends StackOptions {
    readonly tty?: boolean;
}

/** `ssh MACHINE [COMMAND]`: a shell, or a command, on a machine. */
export function sshCommand(): Command {
    return withStackOption(new Command("ssh"))
        .summary("log in to a machine, or run a command on it")
        .description(
            "Logs in to a machine of the stack, or runs a command on it, with the stack's own key.",
        )
        .argument("<machine>", "name of the machine")
        .argument("[command...]", "command line for its shell; without one, a login shell")
        .option("-t, --tty", "give the command a terminal")
        .passThroughOptions()
        .allowUnknownOption()
        .action(async (machine: string, words: string[], options: Options) => {
            const [first, ...rest] = words;
            const line = first === "--" ? rest : words;
            const { connection } = await readCluster(openStack(options));
            process.exitCode = await withAccess(connection, async (access) => {
                const session = await access.to(machine);
                try {
                    const command = line.length === 0 ? undefined : line.join(" ");
                    const wanted = command === undefined || options.tty === true;
                    const terminal = wanted ? terminalSize() : undefined;
                    const channel = await session.start(command, terminal);
                    return await attach(channel, terminal !== undefined);
                } finally {
                    session.close();
                }
            });
        });
}
