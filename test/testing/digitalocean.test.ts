import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { provider } from "@pulumi/pulumi";
import { Account } from "../../lib/testing/account.js";
import { digitalOcean } from "../../lib/testing/digitalocean/program.js";
import { simulatedProvider } from "../../lib/testing/provider.js";
import { removeRulesets } from "../../lib/testing/ruleset.js";

const key = `ssh-ed25519 ${Buffer.concat([
    Buffer.from([0, 0, 0, 11]),
    Buffer.from("ssh-ed25519"),
    Buffer.from([0, 0, 0, 32]),
    Buffer.alloc(32, 7),
]).toString("base64")}`;

type Inputs = Record<string, unknown>;

/** What the simulated DigitalOcean refuses; nothing here gets as far as a machine. */
describe("the simulated DigitalOcean", () => {
    let folder: string;
    let account: Account;
    let cloud: provider.Provider;
    let keyId = "";
    let image = "";

    const urn = (type: string, name = "it") =>
        `urn:pulumi:test::test::digitalocean:index/${type[0]?.toLowerCase()}${type.slice(1)}:${type}::${name}`;
    const create = async (type: string, inputs: Inputs): Promise<{ id: string; outs: Inputs }> => {
        const checked = await cloud.check?.(urn(type), {}, inputs);
        const made = await cloud.create?.(urn(type), checked?.inputs);
        assert.ok(made);
        return { id: String(made.id), outs: made.outs };
    };
    const droplet = (more: Inputs): Inputs => ({
        name: "one",
        image,
        region: "sgp1",
        size: "s-1vcpu-1gb",
        sshKeys: [keyId],
        ...more,
    });

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "pulumi-coreos-account-"));
        account = new Account(folder);
        cloud = simulatedProvider(digitalOcean, account);
        keyId = (await create("SshKey", { name: "mine", publicKey: key })).id;
        const url = "https://images.example/flatcar.bin.bz2";
        image = (await create("CustomImage", { name: "flatcar", url, regions: ["sgp1"] })).id;
        await create("Tag", { name: "demo" });
        for (const [id, region] of [
            ["1", "sgp1"],
            ["2", "sgp1"],
            ["3", "ams3"],
        ]) {
            const ipv4Address = `198.18.255.${id}`;
            await account.put("droplets", { id: id ?? "", region, vpcUuid: "none", ipv4Address });
        }
    });

    after(async () => {
        await removeRulesets(account);
        rmSync(folder, { recursive: true, force: true });
    });

    const refusedDroplets: [string, Inputs, RegExp][] = [
        ["user-data over 64 KiB", { userData: "é".repeat(32_769) }, /limited to 65536 .* 65538/],
        ["a custom image without SSH key", { sshKeys: [] }, /must specify SSH keys/],
        ["an unknown key", { sshKeys: ["7"] }, /7 are invalid key identifiers/],
        ["an unknown size", { size: "s-1vcpu-1tb" }, /invalid size .*"s-1vcpu-1tb"/],
        ["an unknown region", { region: "sgp9" }, /no region "sgp9"/],
        ["an unknown image", { image: "999" }, /invalid image .*"999"/],
        ["an image of another region", { region: "ams3" }, /"flatcar" .* only in sgp1/],
        ["a name that is no host name", { name: "one_two" }, /valid hostname characters/],
        ["a tag with a blank", { tags: ["a b"] }, /Tag name "a b"/],
        ["monitoring on a custom image", { monitoring: true }, /not available .* custom images/],
        ["an unknown VPC", { vpcUuid: "0000" }, /no VPC 0000 in region sgp1/],
    ];
    for (const [what, inputs, expected] of refusedDroplets) {
        test(`refuses a droplet with ${what}`, async () => {
            await assert.rejects(create("Droplet", droplet(inputs)), { message: expected });
            assert.equal((await account.list("droplets")).length, 3);
        });
    }

    const refused: [string, string, Inputs, RegExp][] = [
        ["a key twice", "SshKey", { publicKey: `${key} again` }, /already in use on your account/],
        ["a key that is none", "SshKey", { publicKey: "ssh-ed25519 AAAA" }, /Key invalid/],
        ["two keys as one", "SshKey", { publicKey: `${key}\n${key}` }, /Key invalid/],
        ["a public VPC", "Vpc", { region: "sgp1", ipRange: "8.8.8.0/24" }, /RFC 1918/],
        ["a VPC of /8", "Vpc", { region: "sgp1", ipRange: "10.0.0.0/8" }, /\/16 to \/28/],
        [
            "a VPC with bits to spare",
            "Vpc",
            { region: "sgp1", ipRange: "10.0.0.1/24" },
            /not valid/,
        ],
        [
            "an image of another kind",
            "CustomImage",
            { url: "https://a/b.iso", regions: [] },
            /b\.iso/,
        ],
        ["a volume of no size", "Volume", { region: "sgp1", size: 0, name: "v" }, /1 to 16384 GiB/],
        ["a volume in capitals", "Volume", { region: "sgp1", size: 1, name: "V" }, /name "V"/],
        ["a firewall of an unknown tag", "Firewall", { tags: ["none"] }, /no tag "none"/],
        ["a rule without ports", "Firewall", { inboundRules: [{ protocol: "tcp" }] }, /not valid/],
        [
            "a firewall of eleven droplets",
            "Firewall",
            { dropletIds: Array.from({ length: 11 }, (_, index) => index) },
            /at most 10 Droplets, not 11/,
        ],
        [
            "a reserved address elsewhere",
            "ReservedIp",
            { region: "sgp1", dropletId: 3 },
            /droplet 3/,
        ],
        [
            "a load balancer without rules",
            "LoadBalancer",
            { region: "sgp1", forwardingRules: [] },
            /At least one forwarding rule/,
        ],
    ];
    for (const [what, type, inputs, expected] of refused) {
        test(`refuses ${what}`, async () => {
            await assert.rejects(create(type, inputs), { message: expected });
        });
    }

    test("refuses a VPC that overlaps, and to delete one with members", async () => {
        const { id } = await create("Vpc", { name: "a", region: "sgp1", ipRange: "10.222.0.0/20" });
        const overlapping = { name: "b", region: "ams3", ipRange: "10.222.8.0/24" };
        await assert.rejects(create("Vpc", overlapping), { message: /overlaps .*: a\./ });
        await account.put("droplets", { id: "4", region: "sgp1", vpcUuid: id });
        const gone = cloud.delete?.(id, urn("Vpc"), {});
        await assert.rejects(gone ?? Promise.resolve(), { message: /403 .* with members/ });
        await account.remove("droplets", "4");
        await cloud.delete?.(id, urn("Vpc"), {});
        assert.deepEqual(await account.list("vpcs"), []);
    });

    test("attaches a volume to one droplet, in its region, and keeps it while it is attached", async () => {
        const { id, outs } = await create("Volume", { name: "data", region: "sgp1", size: 10 });
        const attach = (dropletId: number) =>
            create("VolumeAttachment", { dropletId, volumeId: id });
        await assert.rejects(attach(3), { message: /in sgp1, the droplet in ams3/ });
        const attachment = await attach(1);
        await assert.rejects(attach(2), { message: /attached to droplet 1 already/ });
        const gone = async () => cloud.delete?.(id, urn("Volume"), outs);
        await assert.rejects(gone, { message: /409 .* droplet 1/ });
        const smaller = { ...outs, size: 5 };
        const shrink = async () => cloud.update?.(id, urn("Volume"), outs, smaller);
        await assert.rejects(shrink, { message: /only be resized upwards/ });
        await cloud.delete?.(attachment.id, urn("VolumeAttachment"), attachment.outs);
        await attach(2);
    });

    test("gives a reserved address to one droplet, and a droplet one", async () => {
        await create("ReservedIp", { region: "sgp1", dropletId: 1 });
        const again = create("ReservedIp", { region: "sgp1", dropletId: 1 });
        await assert.rejects(again, { message: /already has the reserved IP 198\.1[89]\./ });
    });

    test("replaces a droplet for its user-data, of which a hash is kept, and not for its size", async () => {
        const type = urn("Droplet");
        const inputs = droplet({ userData: "#cloud-config\n", tags: ["demo"] });
        const state = { ...inputs, userData: hashOf("#cloud-config\n"), ipv4Address: "1" };
        const diff = async (change: Inputs) =>
            cloud.diff?.("1", type, state, { ...inputs, ...change });
        assert.deepEqual(await diff({}), { changes: false, replaces: [] });
        assert.deepEqual(await diff({ userData: "#cloud-config\n{}\n" }), {
            changes: true,
            replaces: ["userData"],
        });
        assert.deepEqual(await diff({ size: "s-2vcpu-2gb", tags: [] }), {
            changes: true,
            replaces: [],
        });
    });

    test("sees an input that is left out, and forgets it", async () => {
        const inputs = { name: "spare", region: "sgp1", size: 1, tags: ["demo"] };
        const { id, outs } = await create("Volume", inputs);
        const { tags: _tags, ...less } = inputs;
        assert.deepEqual(await cloud.diff?.(id, urn("Volume"), outs, inputs), {
            changes: false,
            replaces: [],
        });
        assert.deepEqual(await cloud.diff?.(id, urn("Volume"), outs, less), {
            changes: true,
            replaces: [],
        });
        const read = await cloud.read?.(id, urn("Volume"), outs);
        assert.deepEqual(read?.props, outs);
        const updated = await cloud.update?.(id, urn("Volume"), outs, less);
        assert.ok(!("tags" in (updated?.outs ?? { tags: 1 })));
        assert.ok(!("tags" in ((await account.get("volumes", id)) ?? { tags: 1 })));
        assert.deepEqual(await cloud.diff?.(id, urn("Volume"), updated?.outs, less), {
            changes: false,
            replaces: [],
        });
    });

    test("looks an image up by its name, and says that there is none", async () => {
        const getImage = async (args: Inputs) =>
            cloud.invoke?.("digitalocean:index/getImage:getImage", args);
        assert.equal((await getImage({ name: "flatcar" }))?.outputs.id, Number(image));
        await assert.rejects(() => getImage({ name: "other" }), { message: /no image .*"other"/ });
    });

    test("names the types that it knows, for one that it does not", async () => {
        await assert.rejects(() => create("Domain", {}), { message: /no resource type .*Droplet/ });
    });
});

function hashOf(text: string): string {
    return createHash("sha1").update(text).digest("hex");
}
