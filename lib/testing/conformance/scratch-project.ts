import { spawn } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { Progress } from "../../cli/progress.js";
import { packageRoot } from "../../cli/project.js";
import { findPulumiCli } from "../../cli/pulumi-cli.js";
import { withFolderOnPath } from "../../cli/workspace.js";

/** Milliseconds for one command of Pulumi: a cloud may take minutes for a machine. */
const LIMIT = 30 * 60_000;

/** How a command of Pulumi ended. */
export interface CommandOutcome {
    readonly code: number;
    readonly stdout: string;
    /** Standard output and standard error. */
    readonly output: string;
}

/** A Pulumi project in a folder of its own, with its backend beside it, whose program is plain JavaScript. */
export class ScratchProject {
    private constructor(
        /** Where its Pulumi.yaml is. */
        readonly folder: string,
        private readonly environment: NodeJS.ProcessEnv,
        private readonly cli: string,
    ) {}

    /**
     * Makes the project, and its stack `test`.
     *
     * @param settings what else is in its Pulumi.yaml
     */
    static async make(
        name: string,
        program: string,
        settings: (folder: string) => Promise<Readonly<Record<string, unknown>>>,
    ): Promise<ScratchProject> {
        const prefix = join(tmpdir(), `pulumi-coreos-conform-${process.pid}-`);
        const folder = await realpath(await mkdtemp(prefix));
        const runtime = { name: "nodejs", options: { typescript: false } };
        const manifest = { name, runtime, main: "index.js", ...(await settings(folder)) };
        await writeFile(join(folder, "Pulumi.yaml"), stringify(manifest));
        await writeFile(join(folder, "package.json"), JSON.stringify({ name, private: true }));
        await writeFile(join(folder, "index.js"), program);
        const sdk = dirname(require.resolve("@pulumi/pulumi/package.json"));
        await mkdir(join(folder, "node_modules", "@pulumi"), { recursive: true });
        await symlink(sdk, join(folder, "node_modules", "@pulumi", "pulumi"));
        await symlink(packageRoot, join(folder, "node_modules", "pulumi-coreos"));
        const { folder: bin } = await findPulumiCli(process.env, new Progress());
        const environment = {
            ...withFolderOnPath(process.env, bin),
            PULUMI_BACKEND_URL: `file://${folder}`,
            PULUMI_HOME: process.env["PULUMI_HOME"] ?? join(folder, "home"),
            PULUMI_CONFIG_PASSPHRASE: "conformance",
            PULUMI_SKIP_UPDATE_CHECK: "1",
        };
        const project = new ScratchProject(folder, environment, join(bin, "pulumi"));
        await project.succeed("stack", "init", "test");
        return project;
    }

    /** Runs Pulumi. Its exit status is no error. */
    run(...args: string[]): Promise<CommandOutcome> {
        return new Promise((resolve, reject) => {
            const child = spawn(this.cli, [...args, "--non-interactive", "--color=never"], {
                cwd: this.folder,
                env: this.environment,
                stdio: ["ignore", "pipe", "pipe"],
                timeout: LIMIT,
            });
            const texts = { stdout: "", output: "" };
            child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
                texts.stdout += chunk;
                texts.output += chunk;
            });
            child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
                texts.output += chunk;
            });
            child.once("error", reject);
            child.once("close", (code) => resolve({ code: code ?? 255, ...texts }));
        });
    }

    /**
     * Runs Pulumi, and answers with its standard output.
     *
     * @throws Error with all that it printed, where it fails
     */
    async succeed(...args: string[]): Promise<string> {
        const { code, stdout, output } = await this.run(...args);
        if (code !== 0) {
            throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}`);
        }
        return stdout;
    }

    /** Removes the folder, and with it the backend. */
    async remove(): Promise<void> {
        await rm(this.folder, { recursive: true, force: true });
    }
}
