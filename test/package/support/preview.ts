import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { Progress } from "../../../lib/cli/progress.js";
import { findProject, packageRoot } from "../../../lib/cli/project.js";
import { findPulumiCli } from "../../../lib/cli/pulumi-cli.js";
import { openWorkspace, withFolderOnPath } from "../../../lib/cli/workspace.js";
import { succeed } from "../../e2e/support/run.js";
import type { RenderedService } from "../../support/rendered.js";
import type { InstalledPackage } from "./installed-package.js";

/** A resource that a preview would make. */
export interface PlannedResource {
    /** `project/type name`, for messages. */
    readonly label: string;
    readonly type: string;
    readonly inputs: Readonly<Record<string, unknown>>;
}

/** What a program asks for, as the real engine sees it. */
export interface Planned {
    readonly resources: readonly PlannedResource[];
    /** Name and text of the user-data of each group of machines. */
    readonly userData: ReadonlyMap<string, string>;
    /** The units that fleet is to run: their names, and the text of each file. */
    readonly services: readonly RenderedService[];
}

/**
 * The projects that this repository holds: each example, and its own stacks. Those without their
 * package.json, or the package would find itself instead of the installed one.
 */
export const projects: readonly { readonly folder: string; readonly parts?: readonly string[] }[] =
    [
        ...["web-and-workers", "etcd-only", "existing-unit-file"].map((name) => ({
            folder: join(packageRoot, "examples", name),
        })),
        {
            folder: packageRoot,
            parts: ["Pulumi.yaml", "tsconfig.json", "stacks"],
        },
    ];

/** A project in a folder of its own beside the installed package. */
export interface OpenedProject {
    readonly folder: string;
    /** Runs the real CLI, where this is root without any network. Answers with its standard output. */
    pulumi(...args: string[]): Promise<string>;
}

/** Copies a project to where a user who installed the package would have it. */
export async function openProject(
    installed: InstalledPackage,
    { folder: from, parts }: (typeof projects)[number],
): Promise<OpenedProject> {
    const folder = installed.project(from, parts);
    const backend = join(folder, ".backend");
    mkdirSync(backend);
    const workspace = openWorkspace(findProject(folder), {
        ...process.env,
        PULUMI_BACKEND_URL: `file://${backend}`,
        PULUMI_CONFIG_PASSPHRASE: "package",
        PULUMI_HOME: join(backend, "home"),
    });
    const cli = await findPulumiCli(workspace.environment, new Progress());
    const pulumi = (...args: string[]): Promise<string> => {
        const [program = "", ...rest] = [...lonely, join(cli.folder, "pulumi"), ...args];
        const environment = withFolderOnPath(workspace.environment, cli.folder);
        return succeed(program, [...rest, "--non-interactive"], { directory: folder, environment });
    };
    return { folder, pulumi };
}

/** Previews a project's stack `local`. */
export async function preview(
    installed: InstalledPackage,
    project: (typeof projects)[number],
): Promise<Planned> {
    const { pulumi } = await openProject(installed, project);
    await pulumi("stack", "init", "local");
    return plannedOf(basename(project.folder), await pulumi("preview", "--json"));
}

const lonely =
    process.getuid?.() === 0
        ? ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
        : [];

interface PreviewOutput {
    readonly steps: readonly {
        readonly urn: string;
        readonly newState: {
            readonly type: string;
            readonly inputs?: Readonly<Record<string, unknown>>;
        };
    }[];
}

/** What `pulumi preview --json` printed of a project. */
export function plannedOf(project: string, printed: string): Planned {
    const output: PreviewOutput = JSON.parse(printed);
    const resources = output.steps.map(({ urn, newState: { type, inputs = {} } }) => {
        const name = urn.split("::").at(-1) ?? "";
        return { label: `${project}/${name}`, type, inputs };
    });
    const userData = resources
        .filter(({ type }) => type === "pulumi-coreos:index:UserData")
        .map(({ label, inputs }): [string, string] => [label, String(inputs["text"])]);
    const services = resources
        .filter(({ type }) => type === "pulumi-nodejs:dynamic/coreos:Service")
        .map(({ inputs: { units, files } }) => ({
            units: Array.isArray(units) ? units.map(String) : [],
            files: Object(files),
        }));
    return { resources, userData: new Map(userData), services };
}
