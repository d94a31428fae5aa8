import {
    existsSync,
    mkdtempSync,
    readFileSync,
    realpathSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { endLeftovers } from "../../../lib/cli/leftover-processes.js";
import { type ClusterOutputs, hasCluster, parseOutputs } from "../../../lib/cli/outputs.js";
import { findProcess } from "../../../lib/cli/processes.js";
import { Progress } from "../../../lib/cli/progress.js";
import { findProject, packageRoot } from "../../../lib/cli/project.js";
import { findPulumiCli, type PulumiCli } from "../../../lib/cli/pulumi-cli.js";
import { openWorkspace, type Workspace, withFolderOnPath } from "../../../lib/cli/workspace.js";
import { listNetworks, readNetworkManifest } from "../../../lib/platforms/local/manifest.js";
import { sweep } from "../../../lib/platforms/local/sweep.js";
import { PROVIDERS, resourceType } from "../../../lib/providers/tokens.js";
import { Account } from "../../../lib/testing/account.js";
import { sweepMachines } from "../../../lib/testing/machines.js";
import { type Outcome, run } from "./run.js";

const machineType = resourceType(PROVIDERS.localMachine);

/** The stack that every project of the tests has. */
const STACK = "test";

/**
 * A project in a folder of its own, as an app's infra repository would have it: the package is in its
 * node_modules, the program is plain JavaScript, backend and passphrase are in the folder too. It runs
 * on the real engine, and its machines are real.
 */
export class TestStack {
    /** Everything that Pulumi printed so far. */
    transcript = "";

    private constructor(
        readonly folder: string,
        private readonly workspace: Workspace,
        private readonly cli: PulumiCli,
    ) {}

    /**
     * @param name the project's name
     * @param program text of its index.js
     * @param settings what else is in its Pulumi.yaml, for the folder that the project is in
     * @param stackName of its first stack
     */
    static async create(
        name: string,
        program: string,
        settings: (folder: string) => Promise<Readonly<Record<string, unknown>>> = async () => ({}),
        stackName = STACK,
    ): Promise<TestStack> {
        await sweepAfterKilledRun(`${name}/${stackName}`);
        const prefix = `pulumi-coreos-e2e-${process.pid}-`;
        const folder = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
        const runtime = { name: "nodejs", options: { typescript: false } };
        const manifest = { name, runtime, main: "index.js", ...(await settings(folder)) };
        writeFileSync(join(folder, "Pulumi.yaml"), stringify(manifest));
        writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true }));
        writeFileSync(join(folder, "index.js"), program);
        symlinkSync(join(packageRoot, "node_modules"), join(folder, "node_modules"));
        const workspace = openWorkspace(findProject(folder), {
            ...process.env,
            PULUMI_BACKEND_URL: `file://${folder}`,
            PULUMI_CONFIG_PASSPHRASE: "end to end",
            PULUMI_HOME: join(folder, "home"),
        });
        const cli = await findPulumiCli(workspace.environment, new Progress());
        const stack = new TestStack(folder, workspace, cli);
        await stack.succeed(["stack", "init", stackName]);
        return stack;
    }

    /** The backend's files: state, its copies, history. */
    get backend(): string {
        return join(this.folder, ".pulumi");
    }

    /** Replaces a piece of the program that is in it exactly once. */
    edit(from: string, to: string, name = "index.js"): void {
        const file = join(this.folder, name);
        const parts = readFileSync(file, "utf8").split(from);
        if (parts.length !== 2) {
            throw new Error(`${JSON.stringify(from)} is in the program ${parts.length - 1} times`);
        }
        writeFileSync(file, parts.join(to));
    }

    /** Runs Pulumi. Its exit status is no error. */
    async pulumi(args: readonly string[], wrapper: readonly string[] = []): Promise<Outcome> {
        const [program = "", ...rest] = [...wrapper, join(this.cli.folder, "pulumi"), ...args];
        const outcome = await run(program, [...rest, "--non-interactive"], {
            directory: this.folder,
            environment: withFolderOnPath(this.workspace.environment, this.cli.folder),
        });
        this.transcript += outcome.output;
        return outcome;
    }

    /** Runs Pulumi, which must succeed. Answers with all that it printed. */
    async succeed(args: readonly string[], wrapper: readonly string[] = []): Promise<string> {
        const { code, output } = await this.pulumi(args, wrapper);
        if (code !== 0) {
            throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}`);
        }
        return output;
    }

    /** `pulumi up`, which must succeed. */
    up(): Promise<string> {
        return this.succeed(["up", "--yes", "--skip-preview", "--suppress-outputs"]);
    }

    /** The cluster's outputs. */
    async outputs(): Promise<ClusterOutputs> {
        const outputs = parseOutputs(await this.rawOutputs());
        if (!hasCluster(outputs)) {
            throw new Error("the stack has no cluster");
        }
        return outputs;
    }

    /** All outputs, as they are. */
    async rawOutputs(): Promise<Record<string, unknown>> {
        const args = ["stack", "output", "--json", "--show-secrets", "--non-interactive"];
        const { stdout } = await run(join(this.cli.folder, "pulumi"), args, {
            directory: this.folder,
            environment: withFolderOnPath(this.workspace.environment, this.cli.folder),
        });
        return JSON.parse(stdout);
    }

    /** Names of the machines that are stopped, as the state has it. */
    async stopped(): Promise<string[]> {
        const { deployment } = JSON.parse(await this.succeed(["stack", "export"]));
        const resources: { type: string; outputs?: { name?: string; running?: boolean } }[] =
            deployment.resources;
        return resources
            .filter(({ type, outputs }) => type === machineType && outputs?.running === false)
            .map(({ outputs }) => outputs?.name ?? "")
            .sort();
    }

    /** Ids of the networks that this host has for this project. */
    networks(): Promise<string[]> {
        return networksOf(this.folder);
    }

    /** Takes down whatever is left, however the tests ended, and removes the folder. */
    async dispose(): Promise<void> {
        await endLeftovers(`file://${this.folder}`);
        if (existsSync(this.backend) && (await this.networks()).length > 0) {
            await this.pulumi(["cancel", "--yes"]);
            await this.pulumi(["destroy", "--yes", "--skip-preview"]);
        }
        await sweepProject(this.folder);
        rmSync(this.folder, { recursive: true, force: true });
    }
}

/** Where a project of the tests keeps the account of its simulated cloud. */
export function accountFolder(folder: string): string {
    return join(folder, "account");
}

/** Ids of the networks that this host has for the project in a folder. */
export async function networksOf(folder: string): Promise<string[]> {
    const owned: string[] = [];
    for (const id of await listNetworks()) {
        const { directory = "" } = (await readNetworkManifest(id)) ?? {};
        if (directory === folder || directory === accountFolder(folder)) {
            owned.push(id);
        }
    }
    return owned;
}

/** Takes down all that this host has for the project in a folder, its simulated cloud too. */
export async function sweepProject(folder: string): Promise<void> {
    for (const network of await networksOf(folder)) {
        await sweep({ network });
    }
    await sweepMachines(new Account(accountFolder(folder)));
}

/** A run of the tests that was killed could not clean up; its process id is in the folder's name. */
export async function sweepAfterKilledRun(owner: string): Promise<void> {
    for (const network of await listNetworks()) {
        const manifest = await readNetworkManifest(network);
        const at = manifest?.directory ?? "";
        const isAccount = at === accountFolder(dirname(at));
        const directory = isAccount ? dirname(at) : at;
        const pid = Number(/-(?:e2e|conform)-(\d+)-\w+$/.exec(directory)?.[1]);
        if ((manifest?.owner === owner || isAccount) && pid > 0 && findProcess(pid) === undefined) {
            await endLeftovers(`file://${directory}`);
            await sweep({ network });
            await sweepMachines(new Account(accountFolder(directory)));
            rmSync(directory, { recursive: true, force: true });
        }
    }
}
