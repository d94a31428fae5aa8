import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Architecture } from "../../binaries/index.js";
import { CommandError, run } from "./command.js";
import { cacheDirectory, contentHash, toolchainPath } from "./directories.js";
import { exclusively } from "./exclusive.js";

export { cacheDirectory };

/** A folder of `toolchain/` that is a Go module. */
export type GoModule = "etcd" | "fleet" | "coreos-cloudinit" | "pulumi" | "pulumi-language-nodejs";

interface Recipe {
    readonly packages: readonly string[];
    readonly variables?: Readonly<Record<string, string>>;
    /** Names that `go build` gives, and the names that the programs are known by. */
    readonly renamed?: Readonly<Record<string, string>>;
    readonly programs: readonly string[];
}

/** The release of the Pulumi CLI that `toolchain/pulumi` pins. */
export const PULUMI_VERSION = "v3.259.0";

const RECIPES: Readonly<Record<GoModule, Recipe>> = {
    etcd: { packages: [".", "tool"], programs: ["etcd", "etcdctl"] },
    fleet: {
        packages: ["tool"],
        variables: { "github.com/coreos/fleet/version.Version": "1.0.0" },
        renamed: { fleet: "fleetd" },
        programs: ["fleetd", "fleetctl"],
    },
    "coreos-cloudinit": { packages: ["./..."], programs: ["coreos-cloudinit"] },
    pulumi: {
        packages: ["tool"],
        variables: {
            "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": PULUMI_VERSION,
        },
        programs: ["pulumi"],
    },
    "pulumi-language-nodejs": { packages: ["tool"], programs: ["pulumi-language-nodejs"] },
};

/**
 * A build that is the same on every host: its processor, and all else that Go would take from the host. The release of Go
 * is fetched where the host has another.
 */
const RELEASE = {
    GOTOOLCHAIN: "go1.26.8",
    GOOS: "linux",
    GOAMD64: "v1",
    GOARM64: "v8.0",
    GOEXPERIMENT: "",
} as const;

/** Hash of a module's files and of the way that it is built. */
export function goModuleHash(module: GoModule): string {
    return contentHash(toolchainPath(module), [process.arch, flags(module), RECIPES[module]]);
}

/**
 * Builds a module's programs, static, or finds them built before.
 *
 * @returns the directory that holds them.
 * @throws one sentence when Go is missing or too old, or the build fails.
 */
export async function goBuild(
    module: GoModule,
    progress: (message: string) => void,
): Promise<string> {
    const target = join(cacheDirectory(), "go", `${module}-${goModuleHash(module)}`);
    if (existsSync(target)) {
        return target;
    }
    return exclusively(
        target,
        async () => {
            if (!existsSync(target)) {
                await build(module, target, progress);
            }
            return target;
        },
        () => progress(`waiting for another build of ${module}`),
    );
}

/** Hash of what decides what {@link goRelease} builds; known without a build. */
export function goReleaseHash(module: GoModule, architecture: Architecture): string {
    const how = [architecture, RELEASE, releaseFlags(module), RECIPES[module]];
    return contentHash(toolchainPath(module), how);
}

/**
 * Builds a module's programs for machines of any kind, byte by byte the same on every host, or finds them built before.
 *
 * @returns the directory that holds them.
 * @throws one sentence when Go is missing or too old, or the build fails.
 */
export async function goRelease(
    module: GoModule,
    architecture: Architecture,
    progress: (message: string) => void,
): Promise<string> {
    const name = `${module}-${architecture}-${goReleaseHash(module, architecture)}`;
    const target = join(cacheDirectory(), "go", name);
    const how: BuildSettings = {
        source: toolchainPath(module),
        flags: releaseFlags(module),
        environment: { ...RELEASE, GOARCH: architecture },
    };
    return exclusively(
        target,
        async () => {
            if (!existsSync(target)) {
                await build(module, target, progress, how);
            }
            return target;
        },
        () => progress(`waiting for another build of ${module}`),
    );
}

/** The same in another directory; for those who want to see that nothing of it depends on where it is. */
export async function goReleaseFrom(
    source: string,
    module: GoModule,
    architecture: Architecture,
    target: string,
    environment: Readonly<Record<string, string>>,
): Promise<void> {
    const of = { ...RELEASE, GOARCH: architecture, ...environment };
    await build(module, target, () => {}, { source, flags: releaseFlags(module), environment: of });
}

interface BuildSettings {
    readonly source: string;
    readonly flags: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
}

function releaseFlags(module: GoModule): string[] {
    return flags(module).map((flag) => (flag.startsWith("-s -w") ? `${flag} -buildid=` : flag));
}

async function build(
    module: GoModule,
    target: string,
    progress: (message: string) => void,
    how: BuildSettings = { source: toolchainPath(module), flags: flags(module), environment: {} },
): Promise<void> {
    const { source } = how;
    const recipe = RECIPES[module];
    await requireGo(source);
    progress(`building ${recipe.programs.join(" and ")} from Go modules`);
    await mkdir(dirname(target), { recursive: true });
    await removeLeftovers(target);
    const temporary = await mkdtemp(`${target}.tmp-`);
    try {
        await run("go", ["build", ...how.flags, "-o", `${temporary}/`, ...recipe.packages], {
            directory: source,
            environment: {
                CGO_ENABLED: "0",
                GOWORK: "off",
                GOFLAGS: "-buildvcs=false",
                ...how.environment,
            },
            limit: 30 * 60_000,
        });
        for (const [from, to] of Object.entries(recipe.renamed ?? {})) {
            await rename(join(temporary, from), join(temporary, to));
        }
        await rename(temporary, target);
    } catch (cause) {
        await rm(temporary, { recursive: true, force: true });
        throw cause instanceof CommandError
            ? new Error(`${recipe.programs.join(" and ")} can't be built: ${cause.message}`)
            : cause;
    }
}

function flags(module: GoModule): string[] {
    const variables = Object.entries(RECIPES[module].variables ?? {});
    const values = variables.map(([name, value]) => ` -X ${name}=${value}`);
    return ["-mod=readonly", "-trimpath", "-ldflags", `-s -w${values.join("")}`];
}

async function removeLeftovers(target: string): Promise<void> {
    for (const name of await readdir(dirname(target))) {
        if (name.startsWith(`${basename(target)}.tmp-`)) {
            await rm(join(dirname(target), name), { recursive: true, force: true });
        }
    }
}

/** Go 1.21 and newer fetch the release that a go.mod wants; older ones only fail at it. */
async function requireGo(source: string): Promise<void> {
    const wanted = /^go (\S+)$/m.exec(await readFile(join(source, "go.mod"), "utf8"))?.[1] ?? "";
    const advice = `install Go ${wanted} or newer from https://go.dev/dl and put it on PATH.`;
    let found: string;
    try {
        found = (
            await run("go", ["env", "GOVERSION"], { directory: source, limit: 300_000 })
        ).trim();
    } catch (cause) {
        const missing = cause instanceof CommandError && cause.status === undefined;
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new Error(missing ? `Go is missing: ${advice}` : `Go is too old (${why}): ${advice}`);
    }
    if (compareVersions(found.replace(/^go/, ""), wanted) < 0) {
        throw new Error(`${found} is too old: ${advice}`);
    }
}

/** Negative where the first version is the older one: `compareVersions("1.19.8", "1.25") < 0`. */
export function compareVersions(left: string, right: string): number {
    const numbers = (version: string): number[] => (version.match(/\d+/g) ?? []).map(Number);
    const [a, b] = [numbers(left), numbers(right)];
    for (let index = 0; index < Math.max(a.length, b.length); index++) {
        const difference = (a[index] ?? 0) - (b[index] ?? 0);
        if (difference !== 0) {
            return difference;
        }
    }
    return 0;
}
