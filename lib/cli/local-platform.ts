import { realpathSync } from "node:fs";
import { sep } from "node:path";
import { checkHost, missingPackages } from "../platforms/local/host-checks.js";
import { ensureImage } from "../platforms/local/image.js";
import { readNetworkManifest } from "../platforms/local/manifest.js";
import { listNetworks, sweep } from "../platforms/local/sweep.js";
import { PROVIDERS, resourceType } from "../providers/tokens.js";
import { installRequirements } from "./requirements.js";
import type { Stack } from "./stack.js";
import { readStackState } from "./stack-state.js";

/**
 * Sees to what the local platform needs of the host before anything is made: installs missing Debian packages, or says how. Throws
 * an error with one sentence for each thing that is in the way.
 */
export async function prepareHost(stack: Stack, install: boolean): Promise<void> {
    if (process.platform === "linux") {
        await installRequirements(missingPackages(), install, stack.progress);
    }
    // The limits for the machines that a stack really has are its network's to check.
    const problems = await checkHost({ machines: 1 });
    if (problems.length > 0) {
        throw new Error(problems.join("\n"));
    }
}

/** Makes sure of the machine image, so that its build runs beside the CLI's. */
export async function prepareImage(stack: Stack): Promise<void> {
    await stack.progress.run("Machine image", ensureImage);
}

/**
 * Removes what this host still has of a stack whose state has lost all of it. What the state knows is Pulumi's: a network
 * with some machines lost is completed by the next `pulumi up`.
 */
export async function sweepLost(stack: Stack): Promise<void> {
    const types = readStackState(stack.workspace, stack.name)?.types;
    const local = [PROVIDERS.localNetwork, PROVIDERS.localMachine].map(resourceType);
    if (types?.some((type) => local.includes(type))) {
        return;
    }
    if (types === undefined && stack.workspace.embeddedBackend === undefined) {
        return;
    }
    await sweepStack(stack);
}

/** Removes all that this host has of a stack: after `pulumi destroy`, what its state had lost. */
export async function sweepStack(stack: Stack): Promise<void> {
    const networks = await ownedNetworks(stack);
    if (networks.length === 0) {
        return;
    }
    await stack.progress.run("Removing what an update lost", async (progress) => {
        for (const network of networks) {
            await sweep({ network, progress });
            stack.progress.note(`Removed network ${network} and its machines, unknown to Pulumi.`);
        }
    });
}

async function ownedNetworks(stack: Stack): Promise<string[]> {
    const { name, root } = stack.workspace.project;
    const owned: string[] = [];
    for (const network of await listNetworks()) {
        const manifest = await readNetworkManifest(network);
        const directory = `${manifest?.directory ?? ""}${sep}`;
        // The directory is that of the program: `main` of Pulumi.yaml may lie in a folder of the project.
        if (
            manifest?.owner === `${name}/${stack.name}` &&
            directory.startsWith(`${realpathSync(root)}${sep}`)
        ) {
            owned.push(network);
        }
    }
    return owned;
}
