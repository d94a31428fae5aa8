import { spawn } from "node:child_process";
import { packageRoot } from "./project.js";

/** Until the download site must have answered, in milliseconds. */
const answerLimit = 5_000;
/** Until the archive (about 150 MB) must be here, in milliseconds. */
const downloadLimit = 300_000;

const site = "https://get.pulumi.com/install.sh";

// In a process of its own, since the SDK takes long to load and its download has no limit.
const program = `
const { PulumiCommand } = require("@pulumi/pulumi/automation");
const [root, version] = process.argv.slice(1);
const { SemVer } = require(require.resolve("semver", { paths: [require.resolve("@pulumi/pulumi")] }));
PulumiCommand.install({ root, version: new SemVer(version) }).catch((error) => {
    console.error(error.message.trim().split("\\n").at(-1));
    process.exit(1);
});`;

/**
 * Installs the official Pulumi CLI into `root` (its executables in `root/bin`) through the Automation API.
 * Resolves with the reason if it can't be had; nothing is tried where PULUMI_COREOS_DOWNLOAD is `0`.
 */
export async function downloadPulumi(
    root: string,
    version: string,
    environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
    if (environment.PULUMI_COREOS_DOWNLOAD === "0") {
        return "PULUMI_COREOS_DOWNLOAD is 0";
    }
    const refusal = await fetch(site, { method: "HEAD", signal: AbortSignal.timeout(answerLimit) })
        .then((answer) => (answer.ok ? undefined : `get.pulumi.com answers ${answer.status}`))
        .catch((error: unknown) => `get.pulumi.com: ${reasonOf(error)}`);
    return refusal ?? install(root, version, environment);
}

function install(
    root: string,
    version: string,
    environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
    return new Promise((resolve) => {
        const child = spawn(process.execPath, ["-e", program, root, version], {
            cwd: packageRoot,
            env: environment,
            stdio: ["ignore", "ignore", "pipe"],
        });
        const limit = setTimeout(() => child.kill(), downloadLimit);
        let said = "";
        child.stderr.on("data", (chunk: Buffer) => {
            said += chunk.toString();
        });
        child.once("error", (error) => {
            clearTimeout(limit);
            resolve(error.message);
        });
        child.once("close", (code, signal) => {
            clearTimeout(limit);
            const reason = said.trim().split("\n").at(-1) || "the download failed";
            resolve(
                signal === null ? (code === 0 ? undefined : reason) : "the download took too long",
            );
        });
    });
}

function reasonOf(error: unknown): string {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
}
