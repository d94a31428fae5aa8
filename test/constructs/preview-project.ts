import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Progress } from "../../lib/cli/progress.js";
import { packageRoot } from "../../lib/cli/project.js";
import { findPulumiCli } from "../../lib/cli/pulumi-cli.js";
import { withFolderOnPath } from "../../lib/cli/workspace.js";
import { type CloudName, SimulatedCloud } from "../../lib/testing/index.js";

/** What a run of the CLI left. */
export interface Outcome {
    readonly code: number;
    /** Standard output and standard error. */
    readonly text: string;
}

/** A Pulumi project in a temporary folder, with a backend of its own, that runs one compiled module. */
export class PreviewProject {
    private constructor(
        readonly folder: string,
        private readonly environment: NodeJS.ProcessEnv,
        private readonly cli: string,
        /** The simulated cloud, where there is one. */
        readonly cloud: SimulatedCloud | undefined,
    ) {}

    /**
     * Makes the project and its stack `test`.
     *
     * @param cloud a simulated cloud that takes the place of the real one
     */
    static async make(program: string, cloud?: CloudName): Promise<PreviewProject> {
        const folder = await mkdtemp(join(tmpdir(), "preview-"));
        const simulated =
            cloud === undefined
                ? undefined
                : await SimulatedCloud.open(cloud, join(folder, "account"));
        const plugins =
            simulated === undefined ? "" : `plugins: ${JSON.stringify(simulated.plugins)}\n`;
        await mkdir(join(folder, "backend"));
        await mkdir(join(folder, "program"));
        const project = join(folder, "program");
        await symlink(join(packageRoot, "node_modules"), join(project, "node_modules"));
        const settings =
            "name: bad-input\nruntime:\n  name: nodejs\n  options: {typescript: false}\n";
        await writeFile(join(project, "Pulumi.yaml"), `${settings}${plugins}main: index.js\n`);
        await writeFile(join(project, "package.json"), "{}\n");
        await writeFile(join(project, "index.js"), `require(${JSON.stringify(program)});\n`);
        const { folder: bin } = await findPulumiCli(process.env, new Progress());
        const environment = {
            ...withFolderOnPath(process.env, bin),
            PULUMI_BACKEND_URL: pathToFileURL(join(folder, "backend")).href,
            PULUMI_HOME: join(folder, "home"),
            PULUMI_CONFIG_PASSPHRASE: "test",
            PULUMI_SKIP_UPDATE_CHECK: "1",
        };
        const made = new PreviewProject(folder, environment, join(bin, "pulumi"), simulated);
        const { code, text } = await made.run(["stack", "init", "test"]);
        if (code !== 0) {
            throw new Error(text);
        }
        return made;
    }

    /** Runs the CLI in the project, with these variables for the program. */
    run(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Outcome> {
        const options = {
            cwd: join(this.folder, "program"),
            env: { ...this.environment, ...variables },
            timeout: 60_000,
        };
        return new Promise((resolve) => {
            const all = [...args, "--non-interactive", "--color=never"];
            execFile(this.cli, all, options, (error, stdout, stderr) => {
                const code = error === null ? 0 : Number(error.code ?? 1);
                resolve({ code, text: stdout + stderr });
            });
        });
    }

    /** Removes the folder. Nothing was made elsewhere. */
    async remove(): Promise<void> {
        await rm(this.folder, { recursive: true, force: true });
    }
}
