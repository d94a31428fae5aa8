import {
    existsSync,
    linkSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    renameSync,
    rmSync,
    statSync,
    writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { cacheDirectory, goBuild } from "../platforms/local/go-build.js";
import type { Progress } from "./progress.js";

const LAUNCHER = "pulumi-resource-pulumi-nodejs";

/**
 * What the dynamic provider runs. Half of the SDK's loading time goes into TypeScript and arborist, which only
 * serve to serialize functions in a program: here they are loaded when somebody asks for anything in them.
 */
const provider = `
const Module = require("node:module");
const load = Module._load;
Module._load = function (...call) {
    const [request, parent] = call;
    return /runtime.closure/.test(parent?.filename) && /typescript|arborist/.test(request)
        ? new Proxy({}, { get: (_, key) => key === "__esModule" || load.apply(this, call)[key] })
        : load.apply(this, call);
};
require("@pulumi/pulumi/cmd/dynamic-provider");
`;

/** Official releases have a launcher like it; this one becomes the provider itself, so that no shell stays between. */
const launcher = `#!/bin/sh
exec node -e '${provider}' dynamic-provider "$@"
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
    const linked = [cli, host].flatMap((from) =>
        readdirSync(from)
            .filter((file) => /^pulumi[a-z-]*$/.test(file))
            .map((name) => ({ name, path: join(from, name) })),
    );
    if (
        readIfThere(join(folder, LAUNCHER)) === launcher &&
        linked.every(({ name, path }) => isSameFile(join(folder, name), path))
    ) {
        return folder;
    }
    const fresh = `${folder}.${process.pid}`;
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { recursive: true });
    for (const { name, path } of linked) {
        linkSync(path, join(fresh, name));
    }
    writeFileSync(join(fresh, LAUNCHER), launcher, { mode: 0o755 });
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
    return folder;
}

function builtFolder(version: string): string {
    return join(cacheDirectory(), `pulumi-${version}-built`);
}

function readIfThere(file: string): string | undefined {
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function isSameFile(one: string, other: string): boolean {
    const [left, right] = [one, other].map((file) => statSync(file, { throwIfNoEntry: false }));
    return left !== undefined && left.ino === right?.ino && left.dev === right.dev;
}
