import { existsSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { parse } from "yaml";

/** The folder of this package: the checkout, or where npm put it. */
export const packageRoot = join(__dirname, "..", "..", "..");

/** The Pulumi project that a command works on. */
export interface Project {
    /** Folder of its Pulumi.yaml. */
    readonly root: string;
    /** Its `name`. */
    readonly name: string;
    /** `backend.url` of Pulumi.yaml, where the project names one. */
    readonly backendUrl?: string;
    /**
     * Whether the project lies in a checkout of this package (its own stacks and its examples) and not
     * in a repository that has the package as a dependency.
     */
    readonly inCheckout: boolean;
}

/**
 * The nearest project at or above `folder`; without one there, the package's own.
 * Throws an error if there is none, or its Pulumi.yaml has no name.
 */
export function findProject(folder: string): Project {
    const root = nearest(folder) ?? nearest(packageRoot);
    if (root === undefined) {
        throw new Error(`No Pulumi.yaml in ${folder} or above: run this in a Pulumi project.`);
    }
    const file = join(root, "Pulumi.yaml");
    const document: unknown = parse(readFileSync(file, "utf8"));
    const name = textAt(document, "name");
    if (name === undefined) {
        throw new Error(`${file} has no name: give the project one.`);
    }
    const backendUrl = textAt(document, "backend", "url");
    const inCheckout = isCheckout() && `${root}${sep}`.startsWith(`${packageRoot}${sep}`);
    return { root, name, inCheckout, ...(backendUrl === undefined ? {} : { backendUrl }) };
}

function nearest(folder: string): string | undefined {
    if (existsSync(join(folder, "Pulumi.yaml"))) {
        return folder;
    }
    const above = dirname(folder);
    return above === folder ? undefined : nearest(above);
}

function isCheckout(): boolean {
    return (
        existsSync(join(packageRoot, "tsconfig.json")) &&
        !packageRoot.split(sep).includes("node_modules")
    );
}

function textAt(document: unknown, ...path: string[]): string | undefined {
    let value = document;
    for (const key of path) {
        if (typeof value !== "object" || value === null) {
            return undefined;
        }
        value = Object.entries(value).find(([name]) => name === key)?.[1];
    }
    return typeof value === "string" && value !== "" ? value : undefined;
}
