import { existsSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { Progress } from "./progress.js";
import { findProject } from "./project.js";
import { findPulumiCli, type PulumiCli } from "./pulumi-cli.js";
import { capturePulumi } from "./pulumi-run.js";
import { openWorkspace, stateFile, type Workspace } from "./workspace.js";

/** What every command that works on a stack is given. */
export interface StackOptions {
    /** Name of the stack. */
    readonly stack: string;
}

/** A stack, and what it takes to work on it. */
export interface Stack {
    readonly name: string;
    readonly workspace: Workspace;
    readonly progress: Progress;
    /** The Pulumi CLI; found, downloaded or built when it is first asked for. */
    cli(): Promise<PulumiCli>;
}

/** Adds `--stack NAME`. */
export function withStackOption(command: Command): Command {
    return command.option("-s, --stack <name>", "stack to work on", parseStackName, "local");
}

/** Whether a stack's machines are on this host: those named `local`, or `local-` and anything. */
export function isLocalStack(name: string): boolean {
    return /^local(-|$)/.test(name);
}

/** The stack of the project in or above the current folder. It need not exist yet. */
export function openStack(options: StackOptions): Stack {
    const progress = new Progress();
    const workspace = openWorkspace(findProject(process.cwd()), process.env);
    let cli: Promise<PulumiCli> | undefined;
    return {
        name: options.stack,
        workspace,
        progress,
        cli: () => {
            cli ??= findPulumiCli(workspace.environment, progress);
            return cli;
        },
    };
}

/** Whether the stack exists; `undefined` where only its backend knows. */
export function stackExists({ name, workspace }: Stack): boolean | undefined {
    const backend = workspace.embeddedBackend;
    return backend === undefined
        ? undefined
        : existsSync(stateFile(backend, workspace.project.name, name));
}

/** Makes the stack if there is none. */
export async function ensureStack(stack: Stack): Promise<void> {
    if (!stackExists(stack)) {
        const args = ["stack", "select", "--create", stack.name];
        try {
            await capturePulumi(stack.workspace, await stack.cli(), args);
        } catch (cause) {
            if (cause instanceof Error && cause.message.includes("incorrect passphrase")) {
                throw new Error(
                    `The settings file of stack ${stack.name} (Pulumi.${stack.name}.yaml) was encrypted with another passphrase: remove its line encryptionsalt, or give that passphrase in PULUMI_CONFIG_PASSPHRASE.`,
                );
            }
            throw cause;
        }
    }
}

/** Throws an error if the stack is known not to exist. */
export function requireStack(stack: Stack): void {
    if (stackExists(stack) === false) {
        throw new Error(`There is no stack ${stack.name}: \`npm start\` makes the stack local.`);
    }
}

function parseStackName(text: string): string {
    if (!/^([\w.-]{1,100}\/){0,2}[\w.-]{1,100}$/.test(text)) {
        throw new InvalidArgumentError(
            "A stack's name has letters, digits, '-', '_' and '.' only.",
        );
    }
    return text;
}
