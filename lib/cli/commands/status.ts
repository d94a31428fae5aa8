import { Command, InvalidArgumentError } from "commander";
import { isWell, readStatus } from "../cluster-status.js";
import { readCluster } from "../outputs.js";
import { openStack, type StackOptions, withStackOption } from "../stack.js";
import { watchCluster } from "../status-watch.js";
import { describeCluster } from "../summary.js";

interface Options extends StackOptions {
    readonly json?: boolean;
    readonly watch?: true | number;
}

const PAUSE = 2;

/** `status`: the cluster as it is now. */
export function statusCommand(): Command {
    return withStackOption(new Command("status"))
        .summary("show machines, services and units as they are now")
        .description(
            "Asks the machines of a stack how they are: etcd's health, fleet's list, every unit with its state and machine, and the last error of what is not well. Its exit code is 1 if anything is not as it should be.",
        )
        .option("--json", "print it as JSON, for programs")
        .option(
            "-w, --watch [seconds]",
            "print it again and again, by default every 2 seconds",
            seconds,
        )
        .action(async (options: Options) => {
            const stack = openStack(options);
            const outputs = await readCluster(stack);
            const json = options.json === true;
            if (options.watch !== undefined) {
                const pause = options.watch === true ? PAUSE : options.watch;
                await watchCluster(stack, outputs, { pause, json });
            }
            const status = await readStatus(outputs);
            const text = json
                ? JSON.stringify(status, undefined, 4)
                : describeCluster(status).join("\n");
            process.stdout.write(`${text}\n`);
            process.exitCode = isWell(status) ? 0 : 1;
        });
}

function seconds(text: string): number {
    const value = Number(text);
    if (!(value >= 0.1 && value <= 3600)) {
        throw new InvalidArgumentError("It takes seconds, from 0.1 to 3600.");
    }
    return value;
}
