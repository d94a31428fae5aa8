import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type GoModule, goBuild } from "../../../lib/platforms/local/go-build.js";

/** An archive of programs as a release has it. */
export interface ReleaseArchive {
    readonly file: string;
    readonly sha256: string;
}

/** Packs the programs that the local platform has, in a folder as the projects' releases do. */
export async function releaseArchive(module: GoModule, folder: string): Promise<ReleaseArchive> {
    const file = join(folder, `${module}.tar`);
    const names = ["--transform", `s,^\\.,${module}-linux,`];
    spawnSync("tar", ["-C", await goBuild(module, () => {}), ...names, "-cf", file, "."]);
    return { file, sha256: createHash("sha256").update(readFileSync(file)).digest("hex") };
}
