import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Progress } from "../../lib/cli/progress.js";
import { installRequirements, missingPackages, thisHost } from "../../lib/cli/requirements.js";

const requirements = [
    { command: "systemd-nspawn", package: "systemd-container" },
    { command: "machinectl", package: "systemd-container" },
    { command: "nft", package: "nftables" },
    { command: "ip", package: "iproute2" },
];

function host(isRoot: boolean, ...commands: string[]) {
    return { isRoot, has: (command: string) => commands.includes(command) };
}

function install(wanted: boolean, on: ReturnType<typeof host>): Promise<void> {
    return installRequirements(requirements, wanted, new Progress({ write: () => true }), on);
}

describe("Debian packages", () => {
    it("are missing where a command is, each once", () => {
        const missing = missingPackages(requirements, host(true, "ip"));
        assert.deepEqual(missing, ["systemd-container", "nftables"]);
    });

    it("are let be where all commands are there, whoever asks", async () => {
        await install(false, host(false, "systemd-nspawn", "machinectl", "nft", "ip"));
    });

    const has = ["systemd-nspawn", "machinectl", "ip"];
    const refusals: [string, boolean, ReturnType<typeof host>, RegExp][] = [
        [
            "with --no-install",
            false,
            host(true, "apt-get", ...has),
            /\(nftables\): run `apt-get update && apt-get install -y --no-install-recommends nftables`\.$/,
        ],
        ["not as root", true, host(false, "apt-get", ...has), /run this as root, or first `sudo /],
        ["without apt-get", true, host(true, ...has), /no apt-get here: use a Debian or Ubuntu/],
    ];
    for (const [title, wanted, on, message] of refusals) {
        it(`are not installed ${title}, in one sentence`, async () => {
            await assert.rejects(install(wanted, on), (error: Error) => {
                assert.match(error.message, message);
                assert.equal(error.message.includes("\n"), false);
                return true;
            });
        });
    }

    it("are looked for in the folders of administration too", () => {
        assert.equal(thisHost({ PATH: "" }).has("ldconfig"), true);
        assert.equal(thisHost({ PATH: "/usr/bin:/bin" }).has("no-such-command"), false);
    });
});
