import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../lib/cli/project.js";
import type { Benchmark, Round } from "./figure.js";

const run = promisify(execFile);

const IMPORT = `
const begun = performance.now();
require("@pulumi/pulumi");
const loaded = performance.now();
require("pulumi-coreos");
require("pulumi-coreos/local");
const ended = performance.now();
console.log(JSON.stringify({ sdk: loaded - begun, library: ended - loaded }));
process.exit();
`;

/** What a program pays for importing the library, in a fresh process each round. */
export const importing: Benchmark = {
    key: "c",
    title: "import of the library beyond the Pulumi SDK",
    unit: "ms",
    goal: 50,
    prepare: async () => undefined,
    async round(): Promise<Round> {
        const { sdk = Number.NaN, library = Number.NaN } = await measure(["-e", IMPORT]);
        return { value: library, seconds: { library: library / 1000, SDK: sdk / 1000 } };
    },
};

/** What is rendered for a large cluster, in a fresh process each round, as in a program. */
export const rendering: Benchmark = {
    key: "d",
    title: "rendering 100 machines, 50 units and 50 services, validation included",
    unit: "ms",
    goal: 100,
    prepare: async () => undefined,
    async round(): Promise<Round> {
        const file = join(packageRoot, "dist", "bench", "large-cluster.js");
        const { documents = Number.NaN, services = Number.NaN } = await measure([file]);
        return {
            value: documents + services,
            seconds: { documents: documents / 1000, services: services / 1000 },
        };
    },
};

async function measure(args: readonly string[]): Promise<Record<string, number>> {
    const { stdout } = await run(process.execPath, args, { cwd: packageRoot });
    const milliseconds: Record<string, number> = JSON.parse(stdout);
    return milliseconds;
}
