import { provider } from "@pulumi/pulumi";
import { Account } from "./account.js";
import { simulatedProvider } from "./provider.js";
import type { CloudName } from "./simulated-cloud.js";
import type { CloudProgram } from "./simulated-resource.js";

const clouds: Record<CloudName, () => Promise<CloudProgram>> = {
    aws: async () => (await import("./aws/program.js")).aws,
    digitalocean: async () => (await import("./digitalocean/program.js")).digitalOcean,
};

/** Runs the provider that Pulumi's engine started: cloud, folder of the account, the engine's arguments. */
async function serve(cloud: CloudName, directory: string, args: string[]): Promise<void> {
    await provider.main(simulatedProvider(await clouds[cloud](), new Account(directory)), args);
}

const [cloud = "", directory = "", ...args] = process.argv.slice(2);
if (cloud in clouds) {
    void serve(cloud as CloudName, directory, args);
}
