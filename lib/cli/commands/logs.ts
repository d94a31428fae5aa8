import { createInterface } from "node:readline";
import { Command, InvalidArgumentError } from "commander";
import { type ClusterAccess, FleetClient, quoteShell, withAccess } from "../../clients/index.js";
import { type MachineOutput, readCluster } from "../outputs.js";
import { openStack, type StackOptions, withStackOption } from "../stack.js";
import { exitStatus } from "../terminal.js";
import { isInstanceOf } from "../unit-list.js";

interface Options extends StackOptions {
    readonly follow?: boolean;
    readonly lines: number;
    readonly machine?: string;
}

interface Place {
    readonly unit: string;
    readonly machine: string;
}

/** `logs UNIT`: the journal of a unit, wherever it runs. */
export function logsCommand(): Command {
    return withStackOption(new Command("logs"))
        .summary("show the journal of a unit, wherever it runs")
        .description(
            "Shows the journal of a fleet unit on the machine where it runs. The name of a service stands for all its instances.",
        )
        .argument("<unit>", "hello@1, hello@1.service, or hello for all instances")
        .option("-f, --follow", "go on as more is written")
        .option("-n, --lines <number>", "how many lines back", count, 50)
        .option("-m, --machine <name>", "look there, for a unit that is not fleet's: etcd.service")
        .action(async (unit: string, options: Options) => {
            const { connection, machines } = await readCluster(openStack(options));
            process.exitCode = await withAccess(connection, async (access) => {
                const places =
                    options.machine === undefined
                        ? await placesOf(unit, access, machines)
                        : [{ unit: withSuffix(unit), machine: options.machine }];
                const ends = await Promise.all(
                    places.map((place) => show(place, access, options, places.length > 1)),
                );
                return Math.max(...ends);
            });
        });
}

async function placesOf(
    unit: string,
    access: ClusterAccess,
    machines: readonly MachineOutput[],
): Promise<Place[]> {
    const units = await new FleetClient(access).units();
    const exact = units.filter(({ name }) => name === withSuffix(unit));
    const meant = exact.length > 0 ? exact : units.filter(({ name }) => isInstanceOf(name, unit));
    const places = meant.flatMap(({ name, machineID }) => {
        const machine = machines.find(({ machineId }) => machineId === machineID);
        return machine === undefined ? [] : [{ unit: name, machine: machine.name }];
    });
    if (places.length === 0) {
        const names = units.map(({ name }) => name).join(", ");
        throw new Error(
            meant.length > 0
                ? `${withSuffix(unit)} is on no machine: fleet has not placed it.`
                : `fleet has no unit ${withSuffix(unit)}; it has ${names === "" ? "none" : names}. For another of systemd's units name the machine with --machine.`,
        );
    }
    return places;
}

/** Shows one journal; where several are shown, each line says whose it is. */
async function show(
    { unit, machine }: Place,
    access: ClusterAccess,
    options: Options,
    several: boolean,
): Promise<number> {
    const session = await access.to(machine);
    try {
        const follow = options.follow ? "--follow " : "";
        const channel = await session.start(
            `journalctl --no-pager --quiet ${follow}--lines=${options.lines} --unit=${quoteShell(unit)}`,
        );
        const ended = exitStatus(channel);
        const prefix = several ? `${unit.replace(/\.service$/, "")} on ${machine} | ` : "";
        channel.stderr.on("data", (chunk: Buffer) => process.stderr.write(chunk));
        const lines = createInterface({ input: channel, crlfDelay: Number.POSITIVE_INFINITY });
        lines.on("line", (line) => process.stdout.write(`${prefix}${line}\n`));
        return await ended;
    } finally {
        session.close();
    }
}

function withSuffix(unit: string): string {
    return /\.[a-z]+$/.test(unit) ? unit : `${unit}.service`;
}

function count(text: string): number {
    if (!/^\d{1,7}$/.test(text)) {
        throw new InvalidArgumentError("It takes a number of lines.");
    }
    return Number(text);
}
