import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A key in a folder, and the original client that logs in with it as `core`. */
export function sshWithKey(folder: string): {
    readonly publicKey: string;
    ssh(address: unknown, command: string): string;
} {
    const key = join(folder, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    const options = ["-i", key, "-o", "BatchMode=yes", "-o", "LogLevel=ERROR"];
    const trust = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"];
    return {
        publicKey: readFileSync(`${key}.pub`, "utf8").trim(),
        ssh: (address, command) =>
            execFileSync(
                "ssh",
                [...options, ...trust, "-o", "ConnectTimeout=5", `core@${address}`, command],
                { encoding: "utf8" },
            ).trim(),
    };
}
