import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { ConfigDrive } from "../../../lib/platforms/local/config-drive.js";
import { machinePaths } from "../../../lib/platforms/local/disk.js";
import { ensureImage } from "../../../lib/platforms/local/image.js";
import {
    createMachine,
    readMachine,
    startMachine,
    stopMachine,
    updateMachine,
} from "../../../lib/platforms/local/machine.js";
import {
    listNetworks,
    type MachineManifest,
    readMachineManifest,
} from "../../../lib/platforms/local/manifest.js";
import { createNetwork, readNetwork } from "../../../lib/platforms/local/network.js";
import { isRunning, machineProcesses } from "../../../lib/platforms/local/processes.js";
import { sweep } from "../../../lib/platforms/local/sweep.js";
import { differences, hostSnapshot } from "./host-snapshot.js";

const NETWORK = "machine-test";
const BRIDGE = "pctest0";
const OTHER = { id: "machine-test-2", bridge: "pctest1", machines: 1 };
const skip = process.getuid?.() === 0 ? false : "needs root";

describe("machines on this host", { skip }, () => {
    const keys = mkdtempSync(join(tmpdir(), "pulumi-coreos-test-"));
    const key = join(keys, "key");
    let alone = true;
    let image = "";
    const made: string[] = [];
    let beforeAll = new Set<string>();

    before(async () => {
        await sweep({ network: NETWORK });
        await sweep({ network: OTHER.id });
        alone = (await listNetworks()).length === 0;
        image = (await ensureImage(() => {})).id;
        execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
        beforeAll = hostSnapshot();
        await createNetwork({ id: NETWORK, bridge: BRIDGE, subnet: "10.213.77.0/24", machines: 2 });
    });

    after(async () => {
        await sweep({ network: NETWORK });
        await sweep({ network: OTHER.id });
        rmSync(keys, { recursive: true, force: true });
    });

    const drive = (lines: readonly string[] = []): ConfigDrive => ({
        userData: ["#cloud-config", ...lines, ""].join("\n"),
        sshAuthorizedKeys: [readFileSync(`${key}.pub`, "utf8").trim()],
        hostname: "one",
    });

    const create = async (
        name: string,
        n: number,
        lines: readonly string[] = [],
    ): Promise<MachineManifest> => {
        const address = `10.213.77.${n}/24`;
        const spec = { network: NETWORK, name, address, imageId: image, ...drive(lines) };
        const machine = await createMachine(spec);
        // Names of cgroups, links and run files.
        made.push(machine.uuid, machine.uuid.replaceAll("-", "").slice(0, 12));
        return machine;
    };

    const ssh = async (command: string, n = 11): Promise<string> => {
        const options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null"];
        options.push("LogLevel=ERROR", "ConnectTimeout=2", "BatchMode=yes");
        const args = ["-i", key, ...options.flatMap((option) => ["-o", option])];
        for (let attempt = 0; ; attempt++) {
            try {
                const all = [...args, `core@10.213.77.${n}`, command];
                return execFileSync("ssh", all, { encoding: "utf8", stdio: "pipe" }).trim();
            } catch (cause) {
                // The agent adds the key some moments after sshd is up.
                if (attempt === 40 || (cause as { status?: unknown }).status !== 255) {
                    throw cause;
                }
                await sleep(250);
            }
        }
    };

    const nothingIsLeft = async (): Promise<void> => {
        const others = (await listNetworks()).length > 0 || !alone;
        const ours = (line: string): boolean =>
            !others || [NETWORK, BRIDGE, ...made].some((mark) => line.includes(mark));
        assert.deepEqual(differences(beforeAll, hostSnapshot()).filter(ours), []);
    };

    test("boots, applies its cloud-config, and holds what the image promises", async () => {
        const machine = await create("one", 11, [
            "write_files:",
            "  - path: /home/core/address",
            "    content: $private_ipv4",
            "coreos:",
            "  update:",
            "    reboot_strategy: reboot",
        ]);
        assert.equal(await readMachine(NETWORK, "one"), "running");
        assert.equal(await ssh("cat /home/core/address"), "10.213.77.11");
        assert.equal(await ssh("hostname"), "one");
        assert.equal(await ssh("cat /etc/machine-id"), machine.uuid.replaceAll("-", ""));
        assert.equal(
            await ssh("cat /etc/flatcar/update.conf | grep REBOOT"),
            "REBOOT_STRATEGY=reboot",
        );
        assert.equal(await ssh("id -u; id -gn; sudo -n id -u"), "500\ncore\n0");
        assert.match(await ssh("id -Gn"), /\bfleet\b.*\bsystemd-journal\b/);
        assert.match(await ssh("/opt/bin/etcd --version"), /etcd Version: 3\.5\./);
        assert.match(await ssh("/opt/bin/fleetctl --version"), /1\.0\.0/);
        assert.equal(
            await ssh(
                "sudo systemctl restart update-engine locksmithd; systemctl is-active update-engine locksmithd",
            ),
            "active\nactive",
        );
        assert.equal(await ssh("systemctl --failed --plain --no-legend"), "");
    });

    test("machines reach each other and the host's replies, not the host nor another network", async () => {
        await create("two", 12);
        await createNetwork({ ...OTHER, subnet: "10.213.79.0/24" });
        await createMachine({
            network: OTHER.id,
            name: "far",
            address: "10.213.79.11/24",
            imageId: image,
            ...drive(),
        });
        const host = createServer((socket) => socket.end("host")).listen(0);
        const { port } = host.address() as AddressInfo;
        const open = "exec 3<>/dev/tcp/$0/$1 && echo open";
        const probe = (address: string, at: number): Promise<string> =>
            ssh(`timeout 2 bash -c '${open}' ${address} ${at} 2>/dev/null || echo refused`);
        try {
            assert.equal(
                execFileSync("bash", ["-c", open, "10.213.77.1", String(port)], {
                    encoding: "utf8",
                }).trim(),
                "open",
            );
            assert.equal(await probe("10.213.77.12", 22), "open");
            assert.equal(await probe("10.213.77.1", port), "refused");
            assert.equal(await probe("10.213.79.1", port), "refused");
            assert.equal(await probe("10.213.79.11", 22), "refused");
        } finally {
            host.close();
            await sweep({ network: OTHER.id });
        }
        assert.equal(await readMachine(NETWORK, "two"), "running");
    });

    test("comes back when it reboots itself", async () => {
        const boots = (): Promise<string> => ssh("journalctl --list-boots -q | wc -l");
        assert.equal(await boots(), "1");
        await ssh("sudo systemctl reboot || true");
        for (let i = 0; i < 50 && (await boots()) === "1"; i++) {
            await sleep(100);
        }
        assert.equal(await boots(), "2");
        assert.equal(await ssh("cat /home/core/address"), "10.213.77.11");
    });

    test("keeps sets of SSH keys apart", async () => {
        const other = join(keys, "other");
        execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", other]);
        const text = readFileSync(`${other}.pub`, "utf8").trim();
        await ssh(`echo '${text}' | update-ssh-keys -a mine`);
        assert.equal(await ssh("update-ssh-keys -l"), "coreos-cloudinit\nmine");
        assert.ok((await ssh("cat ~/.ssh/authorized_keys")).includes(text));
        assert.match(await ssh("echo nonsense | update-ssh-keys -a mine 2>&1 || true"), /no valid/);
        await ssh("update-ssh-keys -D mine");
        await ssh(`echo '${text}' | update-ssh-keys -a mine`);
        assert.ok(!(await ssh("cat ~/.ssh/authorized_keys")).includes(text));
    });

    test("is stopped after a power-off, and starts again on its own disk", async () => {
        await ssh("echo kept > kept; sync");
        await ssh("sudo systemctl poweroff || true");
        for (let i = 0; i < 100 && (await readMachine(NETWORK, "one")) !== "stopped"; i++) {
            await sleep(100);
        }
        assert.equal(await readMachine(NETWORK, "one"), "stopped");
        await updateMachine(NETWORK, "one", drive(["hostname: renamed"]));
        await startMachine(NETWORK, "one");
        assert.equal(await ssh("cat kept"), "kept");
        assert.equal(await ssh("hostname"), "renamed");
        await stopMachine(NETWORK, "one");
        assert.equal(await readMachine(NETWORK, "one"), "stopped");
        await startMachine(NETWORK, "one");
    });

    test("a network is restored with its machines after its bridge is gone", async () => {
        await stopMachine(NETWORK, "two");
        execFileSync("ip", ["link", "delete", "dev", BRIDGE]);
        assert.equal((await readNetwork(NETWORK))?.active, false);
        await startMachine(NETWORK, "two");
        assert.equal((await readNetwork(NETWORK))?.active, true);
        assert.equal(await readMachine(NETWORK, "two"), "running");
    });

    test("a taken bridge or subnet is refused with the option's name", async () => {
        await assert.rejects(
            createNetwork({ ...OTHER, bridge: BRIDGE, subnet: "10.213.78.0/24" }),
            /Option bridge: "pctest0"/,
        );
        await assert.rejects(
            createNetwork({ ...OTHER, subnet: "10.213.0.0/16" }),
            /Option subnet: 10\.213\.0\.0\/16 overlaps/,
        );
        await assert.rejects(
            createNetwork({ ...OTHER, subnet: "127.0.1.0/24" }),
            /Option subnet: 127\.0\.1\.0\/24 overlaps 127\.0\.0\.1\/8 on this host's lo/,
        );
        assert.equal(await readNetwork(OTHER.id), undefined);
    });

    test("a sweep finds a container whose systemd-nspawn was killed", async () => {
        const manifest = await readMachineManifest(NETWORK, "one");
        const uuid = manifest?.uuid ?? "";
        const { nspawn, launcher } = await machineProcesses(uuid);
        for (const one of [launcher, nspawn]) {
            assert.ok(one !== undefined);
            process.kill(one.pid, "SIGKILL");
        }
        await sleep(200);
        const orphan = await machineProcesses(uuid);
        assert.deepEqual(Object.keys(orphan), ["init"]);
        assert.equal(await readMachine(NETWORK, "one"), "running");
        await sweep({ network: NETWORK });
        assert.equal(isRunning(await machineProcesses(uuid)), false);
        assert.equal(await readMachine(NETWORK, "one"), "absent");
        await nothingIsLeft();
        await sweep({ network: NETWORK });
    });

    test("a machine that does not boot is reported with its console", async () => {
        await createNetwork({ id: NETWORK, bridge: BRIDGE, subnet: "10.213.77.0/24", machines: 1 });
        await create("one", 11);
        await stopMachine(NETWORK, "one");
        const { upper } = machinePaths(NETWORK, "one");
        execFileSync("rm", ["-rf", join(upper, "usr/lib/systemd")]);
        execFileSync("mkdir", ["-p", join(upper, "usr/lib/systemd")]);
        execFileSync("mknod", [join(upper, "usr/lib/systemd/systemd"), "c", "0", "0"]);
        await assert.rejects(
            startMachine(NETWORK, "one", { limit: 10_000 }),
            /^Error: Machine "one" did not boot: its container ended\. Last lines of its console:\n.*/s,
        );
        assert.equal(await readMachine(NETWORK, "one"), "stopped");
        await sweep({ network: NETWORK });
        await nothingIsLeft();
    });
});
