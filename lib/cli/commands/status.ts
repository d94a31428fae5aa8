import { setTimeout as sleep } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { isActive, type MachineStatus, readStatus } from "../cluster-status.js";
import { readCluster } from "../outputs.js";
import { openStack, type StackOptions, withStackOption } from "../stack.js";
import { describeCluster } from "../summary.js";

interface Options extends StackOptions {
    readonly json?: boolean;
    readonly watch?: true | number;
}

/** `status`: the cluster as it is now. */
export function statusCommand(): Command {
    return withStackOption(new Command("status"))
        .summary("show machines, services and units as they are now")
        .description(
            "Asks the machines of a stack how they are: etcd's health, fleet's list, every unit with its state and machine. Its exit code is 1 if anything is not as it should be.",
        )
        .option("--json", "print it as JSON, for programs")
        .option(
            "-w, --watch [seconds]",
            "print it again and again, by default every 2 seconds",
            seconds,
        )
        .action(async (options: Options) => {
            const outputs = await readCluster(openStack(options));
            const pause = options.watch === true ? 2 : options.watch;
            for (;;) {
                const status = await readStatus(outputs);
                const text = options.json
                    ? JSON.stringify(status, undefined, 4)
                    : describeCluster(status).join("\n");
                const clear =
                    pause !== undefined && process.stdout.isTTY ? "\u001b[H\u001b[2J" : "";
                process.stdout.write(`${clear}${text}\n`);
                const well =
                    status.problems.length === 0 &&
                    status.machines.every(isWell) &&
                    status.services.every(({ active, declared }) => active === declared) &&
                    status.units.every((unit) => unit.desired !== "launched" || isActive(unit));
                process.exitCode = well ? 0 : 1;
                if (pause === undefined) {
                    return;
                }
                await sleep(pause * 1000);
            }
        });
}

function isWell({ etcd, fleet }: MachineStatus): boolean {
    return etcd === "healthy" && (fleet === "seen" || fleet === "none");
}

function seconds(text: string): number {
    const value = Number(text);
    if (!(value >= 0.1 && value <= 3600)) {
        throw new InvalidArgumentError("It takes seconds, from 0.1 to 3600.");
    }
    return value;
}
