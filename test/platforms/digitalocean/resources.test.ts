/** What a DigitalOcean platform asks the cloud for, by Pulumi's own stand-in for its engine. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Provider } from "@pulumi/digitalocean/provider";
import * as pulumi from "@pulumi/pulumi";
import { parseCloudConfig } from "../../../lib/cloud-config/index.js";
import { Cluster } from "../../../lib/index.js";
import { DigitalOcean } from "../../../lib/platforms/digitalocean/index.js";

type Inputs = Readonly<Record<string, unknown>>;
interface Declared {
    readonly type: string;
    readonly inputs: Inputs;
}

const declared = new Map<string, Declared>();
const calls: { readonly token: string; readonly inputs: Inputs }[] = [];
const askedBy: (string | undefined)[] = [];
const options = new Map<string, pulumi.CustomResourceOptions>();

const short = (type: string) => type.split(":").at(-1) ?? "";
const inputsOf = (name: string): Inputs => {
    const found = declared.get(name);
    assert.ok(found, `${name} is not among ${[...declared.keys()].join(", ")}`);
    return found.inputs;
};

const collect: pulumi.ResourceTransformation = ({ type, name, opts }) => {
    options.set(`${short(type)} ${name}`, opts);
    return undefined;
};

/** What `Readiness` would have seen. */
function readyOf({ machines = [] }: { machines?: readonly { readonly name: string }[] }) {
    return machines.map(({ name }) => ({ name, hostKey: "ssh-ed25519 CCCC", machineId: name }));
}

before(async () => {
    const mocks: pulumi.runtime.Mocks = {
        newResource: ({ type, name, inputs }) => {
            declared.set(`${short(type)} ${name}`, { type, inputs });
            return {
                id: `${name}-id`,
                state: {
                    ...inputs,
                    ready: readyOf(inputs),
                    imageId: 77,
                    ip: "198.18.0.9",
                    ipAddress: "198.18.0.8",
                    ipv4Address: "198.18.0.2",
                    ipv4AddressPrivate: "10.0.0.2",
                    publicKey: "ssh-ed25519 AAAA",
                },
            };
        },
        call: ({ token, inputs, provider }) => {
            askedBy.push(provider);
            calls.push({ token, inputs });
            return { ...inputs, id: 12 };
        },
    };
    await pulumi.runtime.setMocks(mocks, "My.Project", "prod", false);
    const platform = new DigitalOcean("ocean", {
        region: "sgp1",
        sizes: { default: "s-1vcpu-1gb", members: "s-2vcpu-4gb" },
        sshFrom: ["203.0.113.0/24"],
        sshKeys: ["12:34"],
        tags: ["blue"],
        etcdVolume: { size: 10 },
        reservedAddresses: ["web"],
        loadBalancers: ["web"],
    });
    const cluster = new Cluster(
        "demo",
        {
            platform,
            members: { count: 3 },
            workers: { web: { count: 1, expose: [80, 443] } },
            binaries: "image",
            sshAuthorizedKeys: ["ssh-ed25519 BBBB"],
        },
        { transformations: [collect] },
    );
    await new Promise((resolve) => cluster.etcdEndpoints.apply(resolve));
    const balancer = platform.loadBalancerAddress("demo", "web");
    assert.equal(await new Promise((resolve) => balancer.apply(resolve)), "198.18.0.9");
    assert.throws(
        () => platform.loadBalancerAddress("demo", "wbe"),
        /"ocean" has no load balancer for the group "wbe" of "demo"; name the group/,
    );
});

test("the names and types of its resources, which stand in users' state", () => {
    const own = [...declared].filter(([, { type }]) => type.startsWith("digitalocean:"));
    assert.deepEqual(own.map(([name]) => name).sort(), [
        "CustomImage ocean-image",
        "Droplet demo-1",
        "Droplet demo-2",
        "Droplet demo-3",
        "Droplet demo-web-1",
        "Firewall demo-firewall",
        "Firewall demo-web-firewall",
        "LoadBalancer demo-web-load-balancer",
        "ReservedIp demo-web-1-address",
        "ReservedIpAssignment demo-web-1-address",
        "SshKey demo-ssh-key-1",
        "SshKey demo-ssh-key-2",
        "Tag demo-members-tag",
        "Tag demo-tag",
        "Tag demo-web-tag",
        "Volume demo-1-etcd",
        "Volume demo-2-etcd",
        "Volume demo-3-etcd",
        "Vpc demo-vpc",
    ]);
});

test("a member's droplet", () => {
    const { userData, ...rest } = inputsOf("Droplet demo-1");
    assert.deepEqual(rest, {
        name: "demo-1",
        image: "77",
        region: "sgp1",
        size: "s-2vcpu-4gb",
        vpcUuid: "demo-vpc-id",
        sshKeys: ["demo-ssh-key-1-id", "demo-ssh-key-2-id", "12:34"],
        tags: ["my-project:prod:demo", "my-project:prod:demo:members", "blue"],
        volumeIds: ["demo-1-etcd-id"],
        gracefulShutdown: true,
        dropletAgent: false,
        ipv6: false,
        monitoring: false,
    });
    assert.match(String(userData), /^#cloud-config\n/);
    const opts = options.get("Droplet demo-1");
    assert.deepEqual(opts?.ignoreChanges, ["userData", "image", "sshKeys", "size"]);
    assert.equal(opts?.deleteBeforeReplace, true);
});

test("a worker's droplet, which follows every change", () => {
    const { size, volumeIds } = inputsOf("Droplet demo-web-1");
    assert.deepEqual([size, volumeIds], ["s-1vcpu-1gb", undefined]);
    assert.deepEqual(options.get("Droplet demo-web-1")?.ignoreChanges, []);
});

test("from outside come SSH, from where it may, and the exposed ports of the group; inside, everything", () => {
    const { inboundRules, tags } = inputsOf("Firewall demo-firewall");
    assert.deepEqual(tags, ["my-project:prod:demo"]);
    const sourceTags = ["my-project:prod:demo"];
    assert.deepEqual(inboundRules, [
        { protocol: "tcp", portRange: "1-65535", sourceTags },
        { protocol: "udp", portRange: "1-65535", sourceTags },
        { protocol: "icmp", sourceTags },
        { protocol: "tcp", portRange: "22", sourceAddresses: ["203.0.113.0/24"] },
    ]);
    const sourceAddresses = ["0.0.0.0/0", "::/0"];
    assert.deepEqual(inputsOf("Firewall demo-web-firewall")["inboundRules"], [
        { protocol: "tcp", portRange: "80", sourceAddresses },
        { protocol: "tcp", portRange: "443", sourceAddresses },
    ]);
});

test("the image is a pinned release, for the region", () => {
    const { name, url, regions } = inputsOf("CustomImage ocean-image");
    assert.match(String(name), /^flatcar-stable-\d+\.\d+\.\d+$/);
    assert.match(
        String(url),
        /^https:\/\/stable\.release\.flatcar-linux\.net\/amd64-usr\/\d+\.\d+\.\d+\/flatcar_production_digitalocean_image\.bin\.bz2$/,
    );
    assert.deepEqual(regions, ["sgp1"]);
});

test("a member keeps etcd's data on its own volume, found by its label", () => {
    const { name, initialFilesystemLabel, size } = inputsOf("Volume demo-2-etcd");
    assert.deepEqual(
        [name, initialFilesystemLabel, size],
        ["my-project-prod-demo-demo-2-etcd", "etcd", 10],
    );
    const text = String(inputsOf("Droplet demo-2")["userData"]);
    const units = parseCloudConfig(text).document.coreos?.units ?? [];
    const mount = units.find((unit) => unit.name === "var-lib-etcd.mount");
    assert.match(
        mount?.content ?? "",
        /What=\/dev\/disk\/by-label\/etcd\nWhere=\/var\/lib\/etcd\n/,
    );
    const etcd = units.find((unit) => unit.name === "etcd.service");
    assert.match(etcd?.content ?? "", /ExecStart=/);
    assert.match(etcd?.drop_ins?.[0]?.content ?? "", /RequiresMountsFor=\/var\/lib\/etcd/);
    assert.doesNotMatch(String(inputsOf("Droplet demo-web-1")["userData"]), /by-label/);
});

test("an image by its name, a VPC that is there and a provider of one's own", async () => {
    const provider = new Provider("own", { token: "secret" });
    const asked = calls.length;
    const args = { region: "ams3", image: { name: "mine" }, vpc: { id: "vpc-1" } };
    const platform = new DigitalOcean("other", args, { provider });
    const cluster = new Cluster(
        "two",
        { platform, members: { count: 1 }, binaries: "image" },
        { transformations: [collect] },
    );
    await new Promise((resolve) => cluster.etcdEndpoints.apply(resolve));
    assert.deepEqual(calls.slice(asked), [
        { token: "digitalocean:index/getSizes:getSizes", inputs: {} },
        {
            token: "digitalocean:index/getImage:getImage",
            inputs: { name: "mine", source: "user" },
        },
        { token: "digitalocean:index/getVpc:getVpc", inputs: { id: "vpc-1" } },
    ]);
    assert.ok(askedBy.slice(asked).every((one) => one?.includes("::own::")));
    const { image, vpcUuid, size } = inputsOf("Droplet two-1");
    assert.deepEqual([image, vpcUuid, size], ["12", "vpc-1", "s-1vcpu-2gb"]);
    for (const name of ["Droplet two-1", "SshKey two-ssh-key-1", "Firewall two-firewall"]) {
        assert.equal(options.get(name)?.provider, provider, name);
    }
    assert.ok(!declared.has("Vpc two-vpc") && !declared.has("CustomImage other-image"));
});

test("a cluster without any SSH key is refused: the cloud would refuse its droplets", () => {
    const platform = new DigitalOcean("keyless", { region: "ams3", image: { id: 5 } });
    const args = {
        platform,
        members: { count: 1 },
        connection: { agent: "/run/agent" },
        cloudConfig: { ssh_authorized_keys: [`ssh-ed25519 ${"A".repeat(68)} demo`] },
    };
    assert.throws(
        () => new Cluster("three", { ...args, binaries: "image" }),
        /Cluster "three" can't be made:\n {2}- sshAuthorizedKeys: got none; DigitalOcean makes no droplet/,
    );
});
