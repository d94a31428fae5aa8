import {
    cpSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    realpathSync,
    rmSync,
    symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { packageRoot } from "../../../lib/cli/project.js";
import { succeed } from "../../e2e/support/run.js";

/** What package.json says of this package. */
export interface PackageManifest {
    readonly name: string;
    readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
    readonly dependencies: Readonly<Record<string, string>>;
    readonly peerDependencies: Readonly<Record<string, string>>;
}

/** What the projects of the tests have beside the package, as the examples' devDependencies. */
const tools = ["@types/node", "ts-node", "typescript"];

/** What a project in a checkout has, and a fresh copy has not: state, and settings of local stacks. */
const ownToCheckout = /\/(node_modules|\.stack|Pulumi\.[^/]+\.yaml)$/;

/** This package's own package.json. */
export const manifest: PackageManifest = JSON.parse(
    readFileSync(join(packageRoot, "package.json"), "utf8"),
);

/** Every name under which the package's code can be imported. */
export const entryPoints: readonly string[] = Object.keys(manifest.exports)
    .filter((path) => path !== "./package.json")
    .map((path) => join(manifest.name, path));

/**
 * A folder in whose node_modules the package is as npm packs it. Beside it are only the packages that
 * its package.json declares, and an example's tools: an import that is not declared fails here.
 */
export class InstalledPackage {
    private constructor(
        /** The folder that has the `node_modules`. */
        readonly folder: string,
    ) {}

    static async create(): Promise<InstalledPackage> {
        const folder = realpathSync(mkdtempSync(join(tmpdir(), "pulumi-coreos-package-")));
        const target = join(folder, "node_modules", manifest.name);
        mkdirSync(target, { recursive: true });
        // Compiled code is what this test is part of: npm's `prepare` would compile it once more.
        const pack = ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder];
        await succeed("npm", pack, { directory: packageRoot, environment: process.env });
        const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
        const unpack = ["-xzf", join(folder, tarball), "-C", target, "--strip-components=1"];
        await succeed("tar", unpack);
        const { dependencies, peerDependencies } = manifest;
        const declared = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
        for (const name of [...declared, ...tools]) {
            const link = join(folder, "node_modules", name);
            mkdirSync(dirname(link), { recursive: true });
            symlinkSync(join(packageRoot, "node_modules", name), link);
        }
        return new InstalledPackage(folder);
    }

    /** The package's files, by their paths in it. */
    files(): string[] {
        const root = this.path();
        return readdirSync(root, { recursive: true, withFileTypes: true })
            .filter((entry) => !entry.isDirectory())
            .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
            .sort();
    }

    /** Where a file of the package is. */
    path(file = ""): string {
        return join(this.folder, "node_modules", manifest.name, file);
    }

    /** Copies a project, or files of one, into a folder of its own beside the package. */
    project(from: string, parts: readonly string[] = readdirSync(from)): string {
        const folder = join(this.folder, basename(from));
        for (const part of parts) {
            cpSync(join(from, part), join(folder, part), {
                recursive: true,
                filter: (path) => !ownToCheckout.test(path),
            });
        }
        return folder;
    }

    dispose(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}
