import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Architecture, FLEET_RELEASE, PROGRAMS } from "../binaries/index.js";
import { cacheDirectory, goRelease, goReleaseHash } from "./local/go-build.js";
import { tarOf } from "./tar.js";

/** An archive of fleet on this host. */
export interface FleetArchive {
    readonly path: string;
    readonly sha256: string;
}

/** The archive's name, which is another one as soon as anything else is in it: `fleet-v1.0.0-linux-amd64-0123456789ab.tar`. */
export function fleetArchiveName(architecture: Architecture): string {
    return `${folderName(architecture)}-${fleetArchiveMark(architecture)}.tar`;
}

/** What sets the archive apart from one of another recipe. */
export function fleetArchiveMark(architecture: Architecture): string {
    return goReleaseHash("fleet", architecture).slice(0, 12);
}

/**
 * fleetd and fleetctl from the Go modules that `toolchain/fleet` pins, as an archive that is the same on every host. Built
 * once on each; needs Go.
 *
 * @throws one sentence when Go is missing or too old, or the build fails.
 */
export async function fleetArchive(architecture: Architecture): Promise<FleetArchive> {
    const path = join(cacheDirectory(), "archives", fleetArchiveName(architecture));
    if (!existsSync(path)) {
        const built = await goRelease("fleet", architecture, () => {});
        await mkdir(dirname(path), { recursive: true });
        await writeFile(`${path}.${process.pid}`, await packedFleet(built, architecture));
        await rename(`${path}.${process.pid}`, path);
    }
    const sha256 = createHash("sha256")
        .update(await readFile(path))
        .digest("hex");
    return { path, sha256 };
}

/** The archive of programs that were built. */
export async function packedFleet(built: string, architecture: Architecture): Promise<Buffer> {
    const entries = PROGRAMS.fleet.map(async (program) => ({
        name: `${folderName(architecture)}/${program}`,
        content: await readFile(join(built, program)),
    }));
    return tarOf(await Promise.all(entries));
}

function folderName(architecture: Architecture): string {
    return `fleet-v${FLEET_RELEASE}-linux-${architecture}`;
}
