import {
    existsSync,
    linkSync,
    mkdirSync,
    readdirSync,
    renameSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { cacheDirectory, goBuild } from "../platforms/local/go-build.js";
import type { Progress } from "./progress.js";

/** Official releases have a launcher like it; this one becomes the provider itself, so that no shell stays between. */
const launcher = `#!/bin/sh
exec node -e 'require("@pulumi/pulumi/cmd/dynamic-provider")' dynamic-provider "$@"
`;

/** Whether the CLI was built here before: then no download is tried again. */
export function wasBuilt(version: string): boolean {
    return existsSync(builtFolder(version));
}

/**
 * Builds the CLI and its Node.js language host from the Go modules in `toolchain`, side by side; a build that is
 * cached takes no time. Resolves with the folder that holds them and the dynamic provider's launcher.
 */
export async function buildPulumi(version: string, progress: Progress): Promise<string> {
    const [cli, host] = await Promise.all([
        progress.run(`Building the Pulumi CLI ${version}`, (say) => goBuild("pulumi", say)),
        progress.run("Building Pulumi's Node.js host", (say) =>
            goBuild("pulumi-language-nodejs", say),
        ),
    ]);
    const folder = builtFolder(version);
    const fresh = `${folder}.${process.pid}`;
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { recursive: true });
    for (const from of [cli, host]) {
        for (const name of readdirSync(from).filter((file) => /^pulumi[a-z-]*$/.test(file))) {
            linkSync(join(from, name), join(fresh, name));
        }
    }
    writeFileSync(join(fresh, "pulumi-resource-pulumi-nodejs"), launcher, { mode: 0o755 });
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
    return folder;
}

function builtFolder(version: string): string {
    return join(cacheDirectory(), `pulumi-${version}-built`);
}
