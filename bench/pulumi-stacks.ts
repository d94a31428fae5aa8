import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { sweepStack } from "../lib/cli/local-platform.js";
import { Progress } from "../lib/cli/progress.js";
import { findProject, packageRoot } from "../lib/cli/project.js";
import { findPulumiCli, type PulumiCli } from "../lib/cli/pulumi-cli.js";
import { withFolderOnPath } from "../lib/cli/workspace.js";
import { requireHost } from "../lib/platforms/local/host-checks.js";
import { ensureImage } from "../lib/platforms/local/image.js";
import { time } from "./stopwatch.js";

/** A stack of its own for the benchmarks; the bare CLI works on it. */
export class BenchStack {
    private exists = false;
    private up = false;

    constructor(
        private readonly stacks: PulumiStacks,
        private readonly directory: string,
        readonly name: string,
    ) {}

    /** `pulumi up` from nothing, without the preview before it. */
    async measureUp(): Promise<number> {
        await this.destroy();
        this.up = true;
        return this.pulumi(["up", "--yes", "--skip-preview"]);
    }

    /** `pulumi up` on what stands, with these variables for the program. */
    async measureUpdate(variables: NodeJS.ProcessEnv, ...args: string[]): Promise<number> {
        if (!this.exists) {
            await this.destroy();
        }
        this.up = true;
        return this.pulumi(["up", "--yes", "--skip-preview", ...args], variables);
    }

    /** The outputs, with those that are secrets. */
    async outputs(): Promise<Record<string, unknown>> {
        const { command, environment } = this.stacks;
        const args = ["stack", "output", "--json", "--show-secrets", "--stack", this.name];
        const options = { cwd: this.directory, env: environment };
        const { stdout } = await promisify(execFile)(command, args, options);
        return JSON.parse(stdout);
    }

    /** A preview of what stands, which must find no change. */
    async measurePreview(): Promise<number> {
        if (!this.up) {
            await this.measureUp();
        }
        return this.pulumi(["preview", "--expect-no-changes"]);
    }

    async destroy(): Promise<void> {
        if (!this.exists) {
            this.removeSettings();
            await this.pulumi(["stack", "init", "--no-select"]);
            this.exists = true;
        }
        if (this.up) {
            await this.pulumi(["destroy", "--yes", "--skip-preview"]);
            this.up = false;
        }
    }

    /** Takes everything down, with or without Pulumi. */
    async remove(): Promise<void> {
        try {
            if (this.exists) {
                await this.destroy();
            }
        } finally {
            await this.stacks.sweep(this.name, this.directory);
            this.removeSettings();
        }
    }

    /** They hold the salt of a passphrase, which another backend could not be opened with. */
    private removeSettings(): void {
        for (const folder of [this.directory, join(this.directory, "stacks")]) {
            rmSync(join(folder, `Pulumi.${this.name}.yaml`), { force: true });
        }
    }

    private pulumi(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<number> {
        const { command, environment } = this.stacks;
        return time(command, [...args, "--stack", this.name, "--non-interactive"], {
            cwd: this.directory,
            env: { ...environment, ...variables },
        });
    }
}

/** The demo, a cluster for services and an empty program, on a backend that ends with the benchmarks. */
export class PulumiStacks {
    readonly demo = new BenchStack(this, packageRoot, "local-benchmark");
    readonly empty = new BenchStack(this, join(packageRoot, "bench", "empty"), "bench");
    readonly services = new BenchStack(this, join(packageRoot, "bench", "services"), "bench");
    private readonly progress = new Progress();
    private folder = "";
    private cli: PulumiCli | undefined;
    /** Directory of the machine image's root file system. */
    imageRoot = "";
    environment: NodeJS.ProcessEnv = {};

    get command(): string {
        return join(this.cli?.folder ?? "", "pulumi");
    }

    /** Finds, or builds, the CLI and the machine image. */
    async prepare(): Promise<void> {
        if (this.cli !== undefined) {
            return;
        }
        await requireHost(3);
        this.folder = mkdtempSync(join(tmpdir(), "pulumi-coreos-bench-"));
        mkdirSync(join(this.folder, "backend"));
        this.cli = await findPulumiCli(process.env, this.progress);
        this.environment = {
            ...withFolderOnPath(process.env, this.cli.folder),
            PULUMI_BACKEND_URL: pathToFileURL(join(this.folder, "backend")).href,
            PULUMI_HOME: join(this.folder, "home"),
            PULUMI_CONFIG_PASSPHRASE: "bench",
            PULUMI_SKIP_UPDATE_CHECK: "1",
        };
        this.imageRoot = (await this.progress.run("Machine image", ensureImage)).root;
    }

    /** Removes what this host still has of a stack that Pulumi has lost. */
    async sweep(name: string, directory: string): Promise<void> {
        const { cli, environment, progress } = this;
        if (cli !== undefined) {
            const workspace = { project: findProject(directory), environment };
            await sweepStack({ name, workspace, progress, cli: async () => cli });
        }
    }

    /** Takes all stacks down, and everything that was made for them. */
    async remove(): Promise<void> {
        try {
            await this.services.remove();
        } finally {
            await this.removeOthers();
        }
    }

    private async removeOthers(): Promise<void> {
        try {
            await this.demo.remove();
            await this.empty.remove();
        } finally {
            if (this.folder !== "") {
                rmSync(this.folder, { recursive: true, force: true });
            }
        }
    }
}
