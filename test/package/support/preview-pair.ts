import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { packageRoot } from "../../../lib/cli/project.js";
import type { ReferencedCluster } from "../../../lib/index.js";
import { type ClusterShape, planMachines } from "../../../lib/plan/index.js";
import { type CloudName, SimulatedCloud } from "../../../lib/testing/index.js";
import type { InstalledPackage } from "./installed-package.js";
import { type OpenedProject, openProject, type Planned, plannedOf } from "./preview.js";

/** An example with two stacks: a cluster, and a service that is added to it by its reference. */
export interface ExamplePair {
    /** Its folder in `examples/`. */
    readonly name: string;
    /** The cloud whose simulation takes the cloud's place; absent where it is this host. */
    readonly cloud?: CloudName;
    readonly cluster: string;
    readonly app: string;
}

/** Every {@link ExamplePair}. */
export const pairs: readonly ExamplePair[] = [
    { name: "digitalocean", cloud: "digitalocean", cluster: "cluster", app: "app" },
    { name: "aws", cloud: "aws", cluster: "cluster", app: "app" },
    { name: "app-by-reference", cluster: "local", app: "local-app" },
];

/** Previews both stacks, the second one on the outputs that the first one would have. */
export async function previewPair(
    installed: InstalledPackage,
    { name, cloud, cluster, app }: ExamplePair,
): Promise<{ readonly cluster: Planned; readonly app: Planned }> {
    const project = await openProject(installed, { folder: join(packageRoot, "examples", name) });
    if (cloud !== undefined) {
        const { plugins } = await SimulatedCloud.open(cloud, join(project.folder, "account"));
        setManifest(project, { plugins });
    }
    await project.pulumi("stack", "init", cluster);
    const planned = plannedOf(name, await project.pulumi("preview", "--json"));
    await standIn(project, planned);
    await project.pulumi("stack", "init", app);
    return { cluster: planned, app: plannedOf(name, await project.pulumi("preview", "--json")) };
}

/** Gives the stack that is selected the outputs of the cluster that was previewed, and no machine. */
async function standIn(project: OpenedProject, { resources }: Planned): Promise<void> {
    const { inputs = {} } =
        resources.find(({ type }) => type === "pulumi-coreos:index:Cluster") ?? {};
    const shape: ClusterShape = JSON.parse(JSON.stringify(inputs));
    const outputs = JSON.stringify(referenceOf(shape));
    const program = `exports.cluster = require("@pulumi/pulumi").secret(${outputs});\n`;
    writeFileSync(join(project.folder, "stand-in.js"), program);
    setManifest(project, { main: "stand-in.js" });
    await project.pulumi("up", "--yes", "--skip-preview");
    setManifest(project, { main: "index.ts" });
}

function setManifest({ folder }: OpenedProject, settings: Readonly<Record<string, unknown>>): void {
    const file = join(folder, "Pulumi.yaml");
    const manifest: object = parse(readFileSync(file, "utf8"));
    writeFileSync(file, stringify({ ...manifest, ...settings }));
}

function referenceOf(shape: ClusterShape): ReferencedCluster {
    const machines = planMachines(shape).map((machine, index) => ({
        ...machine,
        privateIp: `192.0.2.${index + 1}`,
        publicIp: null,
        machineId: String(index),
    }));
    const hosts = machines.map(({ name: host, privateIp }) => ({ name: host, address: privateIp }));
    return {
        name: shape.name,
        machines,
        disks: Object.fromEntries(machines.map(({ name: host }) => [host, `disk-of-${host}`])),
        connection: { user: "core", privateKey: "the private key", hosts },
    };
}
