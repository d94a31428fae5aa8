import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { register } from "ts-node";
import { packageRoot } from "../../lib/cli/project.js";
import { type CloudConfig, parseCloudConfig } from "../../lib/cloud-config/index.js";

/** What a program of this repository hands to machines and to fleet. */
export interface Rendered {
    /** The cloud-config of each group of machines, by the name of its resource. */
    readonly groups: ReadonlyMap<string, CloudConfig>;
    readonly services: readonly RenderedService[];
}

/** The units of a service: their names, and the text of each file. */
export interface RenderedService {
    readonly units: readonly string[];
    readonly files: Readonly<Record<string, string>>;
}

/** The programs of this repository, by the names of their projects. */
export const programs: Readonly<Record<string, string>> = {
    "web-and-workers": "examples/web-and-workers/index.ts",
    "etcd-only": "examples/etcd-only/index.ts",
    "existing-unit-file": "examples/existing-unit-file/index.ts",
    "pulumi-coreos": "stacks/local.ts",
};

register({
    transpileOnly: true,
    skipProject: true,
    compilerOptions: { module: "nodenext", moduleResolution: "nodenext", target: "es2022" },
});

/**
 * What a program renders, without an engine: it runs in this very process, and its resources answer
 * what they were given.
 */
export async function rendered(project: string): Promise<Rendered> {
    const groups = new Map<string, CloudConfig>();
    const services: RenderedService[] = [];
    const newResource = ({ type, name, inputs }: pulumi.runtime.MockResourceArgs) => {
        if (type === "pulumi-coreos:index:UserData") {
            groups.set(name, parseCloudConfig(inputs.text).document);
        } else if (type === "pulumi-nodejs:dynamic/coreos:Service") {
            services.push({ units: inputs.units, files: inputs.files });
        }
        return { id: `${name}-id`, state: inputs };
    };
    await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, project, "local", true);
    const program = join(packageRoot, programs[project] ?? project);
    const before = process.cwd();
    process.chdir(dirname(program));
    try {
        require(program);
    } finally {
        process.chdir(before);
    }
    await pulumi.runtime.disconnect();
    return { groups, services };
}
