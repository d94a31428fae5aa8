import { compareVersions } from "../platforms/local/go-build.js";

/**
 * Oldest Pulumi CLI that is used when found on PATH. From 3.238 on a failing after-hook fails the deployment, where it was only
 * a warning before: a health check that someone hangs on a cluster or a service counts only then.
 */
export const oldestCliVersion = "3.238.0";

/**
 * Whether a version (`3.259.0`, `v3.260.0-alpha.x1`) is at least `floor`, and of the same major version. A pre-release
 * counts as its release.
 */
export function isRecentEnough(version: string, floor: string = oldestCliVersion): boolean {
    const match = /^v?((\d+)\.\d+\.\d+)([-+].*)?$/.exec(version.trim());
    const release = match?.[1];
    return (
        release !== undefined &&
        match?.[2] === floor.split(".")[0] &&
        compareVersions(release, floor) >= 0
    );
}
