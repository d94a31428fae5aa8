import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { Command, InvalidArgumentError } from "commander";
import { type Benchmark, describeFigure, type Round, summarize } from "./figure.js";
import { importing, rendering } from "./library.js";
import { PulumiStacks } from "./pulumi-stacks.js";
import { ServiceCluster } from "./service-cluster.js";
import { deploying, standing, stopping } from "./services.js";
import { bringingUp, previewing } from "./stacks.js";
import { interrupt, tidyUp } from "./stopwatch.js";

interface Options {
    readonly rounds: number;
    readonly only?: readonly string[];
    readonly json?: string;
}

const stacks = new PulumiStacks();
const cluster = new ServiceCluster(stacks);
const all = [
    bringingUp(stacks),
    previewing(stacks),
    importing,
    rendering,
    deploying(cluster),
    stopping(cluster, "f", "stop at once", 0.25, {}),
    stopping(cluster, "g", "take half a second to stop", 1, { ExecStop: "/bin/sleep 0.5" }),
    standing(cluster),
];

const program = new Command("bench")
    .description("Measures what the library costs. A missed goal is reported, and is no failure.")
    .option("--rounds <number>", "rounds, of which the median counts", parseRounds, 5)
    .option(
        "--only <keys>",
        "only these of a to h, with commas between; services stands for e to h",
        parseKeys,
    )
    .option("--json <file>", "writes every round to a file")
    .action(async (options: Options) => {
        const chosen = all.filter(({ key }) => options.only?.includes(key) ?? true);
        process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
        try {
            await report(chosen, options);
        } finally {
            tidyUp();
            await stacks.remove();
        }
    });

program.parseAsync().catch((cause: unknown) => {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
    process.exitCode = 1;
});

async function report(chosen: readonly Benchmark[], options: Options): Promise<void> {
    for (const benchmark of chosen) {
        await benchmark.prepare();
    }
    const loads: number[] = [];
    const rounds = new Map<string, Round[]>(chosen.map(({ key }) => [key, []]));
    for (let number = 1; number <= options.rounds; number++) {
        loads.push(loadavg()[0] ?? Number.NaN);
        for (const benchmark of chosen.filter(({ most = number }) => number <= most)) {
            const round = await benchmark.round();
            rounds.get(benchmark.key)?.push(round);
            process.stderr.write(
                `round ${number} of ${options.rounds}: (${benchmark.key}) ${round.value.toFixed(2)}\n`,
            );
        }
    }
    const figures = chosen.map((benchmark) =>
        summarize(benchmark, rounds.get(benchmark.key) ?? []),
    );
    const few = chosen.some(({ most }) => most !== undefined)
        ? "fewer of what takes long"
        : "of each";
    const host = { processors: cpus().length, node: process.version, load: loads };
    process.stdout.write(
        `Median of ${options.rounds} rounds (${few}) on ${host.processors} processors; ` +
            `load before each round: ${loads.map((load) => load.toFixed(1)).join(", ")}.\n` +
            figures.map((figure) => `${describeFigure(figure)}\n`).join(""),
    );
    if (options.json !== undefined) {
        const text = JSON.stringify({ at: new Date().toISOString(), host, figures }, null, 4);
        writeFileSync(options.json, `${text}\n`);
    }
}

function parseRounds(text: string): number {
    const rounds = Number(text);
    if (!Number.isInteger(rounds) || rounds < 1) {
        throw new InvalidArgumentError("It must be a whole number of 1 or more.");
    }
    return rounds;
}

function parseKeys(text: string): string[] {
    const keys = text.replace(/\bservices\b/, "e,f,g,h").split(",");
    const wrong = keys.filter((key) => !all.some((benchmark) => benchmark.key === key));
    if (wrong.length > 0) {
        throw new InvalidArgumentError(`There is no ${wrong.join(", ")}.`);
    }
    return keys;
}
