import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Progress } from "../../lib/cli/progress.js";
import { installRequirements } from "../../lib/cli/requirements.js";

function install(packages: string[], wanted: boolean, hasAptGet: boolean, isRoot: boolean) {
    const progress = new Progress({ write: () => true });
    return installRequirements(packages, wanted, progress, { hasAptGet, isRoot });
}

describe("Debian packages", () => {
    it("are let be where none is missing, whoever asks", async () => {
        await install([], false, false, false);
    });

    const refusals: [string, Promise<void>, RegExp][] = [
        [
            "with --no-install",
            install(["nftables", "debootstrap"], false, true, true),
            /\(nftables, debootstrap\): run `apt-get update && apt-get install -y --no-install-recommends nftables debootstrap`\.$/,
        ],
        [
            "by anyone but root",
            install(["nftables"], true, true, false),
            /run this as root, or first `sudo sh -c 'apt-get update && /,
        ],
        [
            "without apt-get",
            install(["nftables"], true, false, true),
            /no apt-get here: use a Debian or Ubuntu machine\.$/,
        ],
    ];
    for (const [title, installation, message] of refusals) {
        installation.catch(() => {});
        it(`are not installed ${title}, in one sentence`, async () => {
            await assert.rejects(installation, (error: Error) => {
                assert.match(error.message, message);
                assert.equal(error.message.includes("\n"), false);
                return true;
            });
        });
    }
});
