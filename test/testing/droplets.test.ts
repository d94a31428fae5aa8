import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { provider } from "@pulumi/pulumi";
import { digitalOcean } from "../../lib/testing/digitalocean/program.js";
import { SimulatedCloud } from "../../lib/testing/index.js";
import { simulatedProvider } from "../../lib/testing/provider.js";
import { sshWithKey } from "./ssh.js";

const skip = process.getuid?.() === 0 ? false : "needs root";
type Inputs = Record<string, unknown>;

/** Droplets without an engine: what is made, what it is told, and what a sweep takes. */
describe("droplets of the simulated DigitalOcean", { skip }, () => {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-coreos-droplets-"));
    let simulated: SimulatedCloud;
    let cloud: provider.Provider;
    let one: Inputs;
    let two: Inputs;

    const create = async (type: string, inputs: Inputs): Promise<Inputs> => {
        const lower = `${type[0]?.toLowerCase()}${type.slice(1)}`;
        const urn = `urn:pulumi:t::t::digitalocean:index/${lower}:${type}::${inputs["name"]}`;
        const checked = await cloud.check?.(urn, {}, inputs);
        const made = await cloud.create?.(urn, checked?.inputs);
        return { ...made?.outs, id: made?.id };
    };
    const { publicKey, ssh } = sshWithKey(folder);

    before(async () => {
        simulated = await SimulatedCloud.open("digitalocean", join(folder, "account"));
        cloud = simulatedProvider(digitalOcean, simulated.account);
        const key = await create("SshKey", { name: "mine", publicKey });
        const common = { region: "sgp1", size: "s-1vcpu-1gb", image: "debian-12-x64" };
        const userData =
            "#cloud-config\nwrite_files:\n  - path: /etc/told\n    content: $public_ipv4 $private_ipv4\n";
        const droplet = (name: string) =>
            create("Droplet", { ...common, name, userData, sshKeys: [key["fingerprint"]] });
        [one, two] = await Promise.all([droplet("one"), droplet("two")]);
    });

    after(async () => {
        await simulated.sweep();
        rmSync(folder, { recursive: true, force: true });
    });

    test("it has the name, the key, the user-data and both addresses that the cloud gave it", () => {
        for (const [name, droplet] of Object.entries({ one, two })) {
            const { ipv4Address, ipv4AddressPrivate } = droplet;
            assert.equal(ssh(ipv4Address, "hostname"), name);
            const told = ssh(
                ipv4AddressPrivate,
                "until [ -e /etc/told ]; do sleep 0.1; done; cat /etc/told",
            );
            assert.equal(told, `${ipv4Address} ${ipv4AddressPrivate}`);
        }
        assert.notEqual(one["ipv4Address"], two["ipv4Address"]);
    });

    test("without a VPC of its own it is in the region's default one, with the others", async () => {
        const [vpc, ...others] = await simulated.list("vpcs");
        assert.deepEqual(others, []);
        assert.deepEqual([vpc?.["default"], vpc?.["region"]], [true, "sgp1"]);
        assert.deepEqual([one["vpcUuid"], two["vpcUuid"]], [vpc?.id, vpc?.id]);
        ssh(one["ipv4Address"], `ping -c 1 -W 5 ${two["ipv4AddressPrivate"]}`);
    });

    test("a firewall that lets SSH in from elsewhere shuts this host out, until it is gone", async () => {
        const inboundRules = [
            { protocol: "tcp", portRange: "22", sourceAddresses: ["203.0.113.0/24"] },
        ];
        const inputs = { name: "shut", dropletIds: [Number(one["id"])], inboundRules };
        const { id } = await create("Firewall", inputs);
        assert.throws(() => ssh(one["ipv4Address"], "true"), /timed out/);
        assert.equal(ssh(two["ipv4Address"], "hostname"), "two");
        const urn = "urn:pulumi:t::t::digitalocean:index/firewall:Firewall::shut";
        await cloud.delete?.(String(id), urn, inputs);
        assert.equal(ssh(one["ipv4Address"], "hostname"), "one");
    });

    test("a sweep takes machines, networks, packet filter and account", async () => {
        const bridge = () => execFileSync("ip", ["-brief", "address"], { encoding: "utf8" });
        const network = String(one["ipv4Address"]).replace(/\d+$/, "");
        const ofOne = new RegExp(`droplet-${one["id"]}\\b`);
        assert.ok(bridge().includes(network));
        assert.match(processes(), ofOne);
        await simulated.sweep();
        assert.ok(!bridge().includes(network));
        assert.ok(!existsSync(join(folder, "account")));
        assert.doesNotMatch(processes(), ofOne);
    });
});

function processes(): string {
    return execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
}
