import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Project } from "./project.js";

/** Where and with which environment the Pulumi CLI runs. */
export interface Workspace {
    readonly project: Project;
    /** The environment of the Pulumi CLI, {@link withFolderOnPath} aside. */
    readonly environment: NodeJS.ProcessEnv;
    /** Folder of the embedded backend; absent where the user's own backend is used. */
    readonly embeddedBackend?: string;
}

/**
 * Opens the workspace of a project.
 *
 * In a checkout of this package the state lives in the ignored folder `.stack` beside Pulumi.yaml: `backend`
 * (a `file://` backend), `passphrase` (random, made on first use, readable by its owner only) and `home`
 * (`PULUMI_HOME`: plugins, the selected stack). A user's choice goes first: `PULUMI_BACKEND_URL` or
 * Pulumi.yaml's `backend.url` for the backend, `PULUMI_CONFIG_PASSPHRASE` or
 * `PULUMI_CONFIG_PASSPHRASE_FILE` for the passphrase, `PULUMI_HOME`. An earlier `pulumi login` does not
 * count there, or the demo would land in whatever backend the user happens to be logged in to.
 *
 * In a repository that merely depends on this package nothing is embedded: its own login applies.
 */
export function openWorkspace(project: Project, given: NodeJS.ProcessEnv): Workspace {
    const environment: NodeJS.ProcessEnv = { ...given, PULUMI_SKIP_UPDATE_CHECK: "1" };
    if (!project.inCheckout || given.PULUMI_BACKEND_URL || project.backendUrl !== undefined) {
        return { project, environment };
    }
    const folder = join(project.root, ".stack");
    const backend = join(folder, "backend");
    mkdirSync(backend, { recursive: true, mode: 0o700 });
    writeIfMissing(join(folder, ".gitignore"), "*\n");
    environment.PULUMI_BACKEND_URL = pathToFileURL(backend).href;
    environment.PULUMI_HOME = given.PULUMI_HOME || join(folder, "home");
    // An empty passphrase is a choice too.
    if (
        given.PULUMI_CONFIG_PASSPHRASE === undefined &&
        given.PULUMI_CONFIG_PASSPHRASE_FILE === undefined
    ) {
        const file = join(folder, "passphrase");
        writeIfMissing(file, randomBytes(24).toString("base64url"));
        environment.PULUMI_CONFIG_PASSPHRASE_FILE = file;
    }
    return { project, environment, embeddedBackend: backend };
}

/** The environment with the CLI's folder, and then this Node's, first on PATH. */
export function withFolderOnPath(
    environment: NodeJS.ProcessEnv,
    folder: string,
): NodeJS.ProcessEnv {
    const path = [folder, dirname(process.execPath), environment.PATH ?? ""];
    return { ...environment, PATH: path.filter((part) => part !== "").join(delimiter) };
}

/** File of a stack's state in an embedded backend. */
export function stateFile(backend: string, project: string, stack: string): string {
    return join(backend, ".pulumi", "stacks", project, `${stack}.json`);
}

/** Writes a file for its owner only, whole or not at all; one that is there stays as it is. */
function writeIfMissing(file: string, text: string): void {
    if (existsSync(file)) {
        return;
    }
    const whole = `${file}.${process.pid}`;
    writeFileSync(whole, text, { mode: 0o600 });
    try {
        linkSync(whole, file);
    } catch (error) {
        if (!existsSync(file)) {
            throw error;
        }
    } finally {
        rmSync(whole);
    }
}
