import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type ClusterOutputs, hasCluster, parseOutputs } from "../../../lib/cli/outputs.js";
import { packageRoot } from "../../../lib/cli/project.js";
import { listNetworks, readNetworkManifest } from "../../../lib/platforms/local/manifest.js";
import { sweep } from "../../../lib/platforms/local/sweep.js";
import { type Outcome, run } from "./run.js";

/**
 * A stack of this checkout's own program in its embedded backend, worked on with this package's own
 * commands. Which stack the user has selected there stays as it is.
 */
export class CheckoutStack {
    readonly home = mkdtempSync(join(tmpdir(), "pulumi-coreos-e2e-home-"));
    private readonly backend = join(packageRoot, ".stack", "backend", ".pulumi");

    /** @param name begins with `local-` */
    constructor(readonly name: string) {}

    /** The program and the arguments of a command on this stack. */
    commandLine(command: string, ...args: string[]): [string, ...string[]] {
        const bin = join(packageRoot, "bin", "pulumi-coreos.mjs");
        return [process.execPath, bin, command, "--stack", this.name, ...args];
    }

    /** The environment of the commands: the embedded backend, and a PULUMI_HOME that marks every process. */
    get environment(): NodeJS.ProcessEnv {
        const {
            PULUMI_BACKEND_URL: _url,
            PULUMI_CONFIG_PASSPHRASE: _passphrase,
            PULUMI_CONFIG_PASSPHRASE_FILE: _file,
            ...environment
        } = process.env;
        return { ...environment, PULUMI_HOME: this.home };
    }

    /** Runs a command on this stack. Its exit status is no error. */
    run(command: string, ...args: string[]): Promise<Outcome> {
        const [program, ...all] = this.commandLine(command, ...args);
        return run(program, all, { directory: packageRoot, environment: this.environment });
    }

    /** Runs a command, which must succeed. Answers with its standard output. */
    async succeed(command: string, ...args: string[]): Promise<string> {
        const { code, stdout, output } = await this.run(command, ...args);
        if (code !== 0) {
            throw new Error(`${command} ended with ${code}:\n${output}`);
        }
        return stdout;
    }

    /** The outputs, through the command that hands over to Pulumi. */
    async outputs(): Promise<ClusterOutputs> {
        const args = ["stack", "output", "--json", "--show-secrets", "--stack", this.name];
        const outputs = parseOutputs(JSON.parse(await this.pulumi(...args)));
        if (!hasCluster(outputs)) {
            throw new Error("the stack has no cluster");
        }
        return outputs;
    }

    /** Ids of the networks that this host has for this stack. */
    async networks(): Promise<string[]> {
        const owned: string[] = [];
        for (const id of await listNetworks()) {
            const manifest = await readNetworkManifest(id);
            const ours = manifest?.directory?.startsWith(join(realpathSync(packageRoot), "/"));
            if (ours && manifest?.owner?.endsWith(`/${this.name}`)) {
                owned.push(id);
            }
        }
        return owned;
    }

    /** What tells of an update that did not end: locks, copies of the state, unfinished operations. */
    unfinished(): string[] {
        const files = pathsBelow(join(this.backend, "..")).filter(
            (path) => path.includes(this.name) && /\/locks\/.*\.json|\/recovered-/.test(path),
        );
        const state = pathsBelow(join(this.backend, "stacks")).find((path) =>
            path.endsWith(`/${this.name}.json`),
        );
        const { checkpoint } =
            state === undefined ? { checkpoint: {} } : JSON.parse(readFileSync(state, "utf8"));
        const pending: unknown[] = checkpoint.latest?.pending_operations ?? [];
        return [...files, ...pending.map((operation) => JSON.stringify(operation))];
    }

    /** Takes down whatever is left, however the tests ended, and forgets the stack. */
    async dispose(): Promise<void> {
        await this.run("destroy");
        for (const network of await this.networks()) {
            await sweep({ network });
        }
        await this.pulumi("stack", "rm", "--yes", "--force", this.name).catch(() => "");
        for (const folder of ["history", "backups", "locks"].map((one) =>
            join(this.backend, one),
        )) {
            for (const path of pathsBelow(folder).filter((one) => basename(one) === this.name)) {
                rmSync(path, { recursive: true, force: true });
            }
        }
        rmSync(join(packageRoot, "stacks", `Pulumi.${this.name}.yaml`), { force: true });
        rmSync(this.home, { recursive: true, force: true });
    }

    private async pulumi(...args: string[]): Promise<string> {
        const bin = join(packageRoot, "bin", "pulumi-coreos.mjs");
        const { code, stdout, output } = await run(process.execPath, [bin, "pulumi", ...args], {
            directory: packageRoot,
            environment: this.environment,
        });
        if (code !== 0) {
            throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}`);
        }
        return stdout;
    }
}

function pathsBelow(folder: string): string[] {
    return existsSync(folder)
        ? readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) =>
              join(folder, path),
          )
        : [];
}
