import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { cacheDirectory, PULUMI_VERSION } from "../platforms/local/go-build.js";
import type { Progress } from "./progress.js";
import { buildPulumi, wasBuilt } from "./pulumi-build.js";
import { downloadPulumi } from "./pulumi-download.js";
import { isRecentEnough, oldestCliVersion } from "./pulumi-version.js";

/** A Pulumi CLI that can run this library's programs. */
export interface PulumiCli {
    /** Folder of `pulumi`, `pulumi-language-nodejs` and `pulumi-resource-pulumi-nodejs`. */
    readonly folder: string;
    readonly version: string;
}

/** What the CLI starts for a program in TypeScript with dynamic providers; official releases have them all. */
const executables = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"] as const;

const run = promisify(execFile);

/**
 * The Pulumi CLI: the one on PATH if it is recent enough and whole, else one got earlier, else the official
 * download, else, where that is refused, one built from the Go modules that `toolchain` pins.
 */
export async function findPulumiCli(
    environment: NodeJS.ProcessEnv,
    progress: Progress,
): Promise<PulumiCli> {
    const onPath = await findOnPath(environment, progress);
    if (onPath !== undefined) {
        return onPath;
    }
    const version = PULUMI_VERSION.replace(/^v/, "");
    const root = join(cacheDirectory(), `pulumi-${version}`);
    const downloaded = join(root, "bin");
    if (isWhole(downloaded)) {
        return { folder: downloaded, version };
    }
    if (wasBuilt(version)) {
        return { folder: await buildPulumi(version, progress), version };
    }
    const refusal = await progress.run(`Downloading the Pulumi CLI ${version}`, () =>
        downloadPulumi(root, version, environment),
    );
    if (refusal === undefined && isWhole(downloaded)) {
        return { folder: downloaded, version };
    }
    progress.note(
        `The official Pulumi CLI can't be had here (${refusal ?? "the download is not whole"}): building it from its Go modules.`,
    );
    return { folder: await buildPulumi(version, progress), version };
}

async function findOnPath(
    environment: NodeJS.ProcessEnv,
    progress: Progress,
): Promise<PulumiCli | undefined> {
    const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
    const folder = folders.find((candidate) => isExecutable(join(candidate, "pulumi")));
    if (folder === undefined) {
        return undefined;
    }
    const ownEnvironment = { ...environment, PULUMI_SKIP_UPDATE_CHECK: "1" };
    const version = await run(join(folder, "pulumi"), ["version"], { env: ownEnvironment })
        .then(({ stdout }) => stdout.trim().replace(/^v/, ""))
        .catch(() => "");
    if (!isRecentEnough(version)) {
        const what = version === "" ? "says no version" : `is ${version}`;
        progress.note(`${folder}/pulumi is not used: it ${what}, ${oldestCliVersion} is needed.`);
        return undefined;
    }
    const missing = executables.filter(
        (name) => !folders.some((at) => isExecutable(join(at, name))),
    );
    if (missing.length > 0) {
        progress.note(
            `${folder}/pulumi is not used: ${missing.join(" and ")} is missing beside it.`,
        );
        return undefined;
    }
    return { folder, version };
}

/** Whether a folder has all that the CLI needs. */
export function isWhole(folder: string): boolean {
    return executables.every((name) => isExecutable(join(folder, name)));
}

function isExecutable(file: string): boolean {
    try {
        accessSync(file, constants.X_OK);
        return true;
    } catch {
        return false;
    }
}
