/** The programs of bad-cloud-input.test.ts: each asks a cloud for what it does not have, and makes nothing. */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { RunError } from "@pulumi/pulumi";
import { Cluster, type ClusterArgs } from "../../lib/index.js";
import { Aws, type AwsArgs } from "../../lib/platforms/aws/index.js";
import { DigitalOcean, type DigitalOceanArgs } from "../../lib/platforms/digitalocean/index.js";

type Case = (name: string) => unknown;

const members = { count: 1 };
const binaries = "image";

function ocean(args: Partial<DigitalOceanArgs>, more: Partial<ClusterArgs> = {}): Case {
    return (name) => {
        const platform = new DigitalOcean(name, { region: "sgp1", ...args });
        return new Cluster(name, { platform, members, binaries, ...more });
    };
}

function nile(args: AwsArgs, more: Partial<ClusterArgs> = {}): Case {
    return (name) =>
        new Cluster(name, { platform: new Aws(name, args), members, binaries, ...more });
}

/** What the compiler would refuse. */
const plain = (text: string) => JSON.parse(text);
const publicKey = `ssh-ed25519 ${Buffer.alloc(51).toString("base64")} demo`;
const agent = { agent: "/run/agent" };
const workers = { web: { count: 1, expose: [80] } };
/** A file that gzip makes no smaller. */
const random = (bytes: number) => ({
    files: [{ path: "/a", content: randomBytes((bytes * 3) / 4).toString("base64") }],
});

/** What a mistake is, by the name under which the test asks for it. */
const cases: Readonly<Record<string, Case>> = {
    "ocean-region": ocean({ region: "sgp9" }),
    "ocean-far": ocean({ region: "london" }),
    "ocean-size": ocean({ sizes: { default: "s-1vcpu-21gb", members: "m-16vcpu-tb" } }),
    "ocean-image": ocean({ image: { name: "mine" } }),
    "ocean-elsewhere": ocean({ region: "ams3", image: { name: "flatcar" } }),
    "ocean-vpc": ocean({ vpc: { id: "0000" } }),
    "ocean-vpc-elsewhere": ocean(
        { region: "ams3", vpc: { id: "vpc-1" } },
        { members: { count: 13 } },
    ),
    "ocean-no-region": (name) => new DigitalOcean(name, plain("{}")),
    "ocean-nothing": (name) => new DigitalOcean(name, plain("null")),
    "ocean-options": ocean(plain('{ "size": "s-1vcpu-1gb", "vpc": { "range": "10.0.0.0/20" } }')),
    "ocean-arm": ocean({
        image: { flatcar: { version: "1.2.3", url: "https://a/arm64-usr/b.bin" } },
    }),
    "ocean-file": ocean({ image: { flatcar: { version: "mine", url: "file:///image.bin" } } }),
    "ocean-release": ocean({ image: { flatcar: { version: "current" } } }),
    "ocean-no-image": ocean(plain('{ "image": { "slug": "debian-12-x64" } }')),
    "ocean-groups": ocean(
        { loadBalancers: ["wep"], reservedAddresses: ["db"], sizes: { membres: "s-1vcpu-1gb" } },
        { workers },
    ),
    "ocean-subnet": ocean({ vpc: { ipRange: "10.0.0.0/28" } }, { workers: { web: { count: 12 } } }),
    "ocean-large": ocean({}, random(70_000)),
    "ocean-key": ocean({}, { connection: agent }),
    "ocean-key-in-text": ocean(
        {},
        { connection: agent, cloudConfig: { ssh_authorized_keys: [publicKey] } },
    ),
    "ocean-fine": ocean({ vpc: { id: "vpc-1" }, image: { name: "flatcar" } }),
    "nile-type": nile({ instanceTypes: { default: "t3.smal", members: "huge" } }),
    "nile-zone": nile({ vpc: { zones: ["eu-central-1a", "eu-central-1d"] } }),
    "nile-zones": nile({ vpc: { zones: 4 } }),
    "nile-release": nile({ image: { flatcar: { version: "1.2.3" } } }),
    "nile-arm": nile({ image: { id: "ami-0000000000000000a" } }),
    "nile-gone": nile({ image: { id: "ami-0123456789abcdef0" } }),
    "nile-subnet": nile({
        vpc: { id: "vpc-1", subnets: [{ id: "subnet-9", cidr: "10.0.0.0/24" }] },
    }),
    "nile-range": nile({
        vpc: { id: "vpc-2", subnets: [{ id: "subnet-1", cidr: "10.0.0.0/25" }] },
    }),
    "nile-options": nile(plain('{ "instanceType": "t3.small", "vpc": { "id": "vpc-1" } }')),
    "nile-no-image": nile(plain('{ "image": { "name": "mine" } }')),
    "nile-groups": nile({ loadBalancers: ["wep"], policies: { wep: [] } }, { workers }),
    "nile-room": nile(
        { vpc: { cidr: "10.0.0.0/26", zones: 1 } },
        { workers: { web: { count: 11 } } },
    ),
    "nile-private": nile({ publicAddresses: false }),
    "nile-large": nile({}, random(26_000)),
    "nile-key": nile({}, { connection: agent }),
    // The text alone is in bounds, and is not with what is added to it.
    "nile-keys": nile(
        {},
        {
            ...random(15_500),
            sshAuthorizedKeys: [publicKey, `ssh-rsa ${randomBytes(4_000).toString("base64")}`],
            connection: agent,
        },
    ),
    "nile-fine": nile({ loadBalancers: ["web"] }, { workers }),
};

/** Declares each; what is told at once goes into a file, and what is told later is Pulumi's to show. */
const thrown = (process.env["BAD_INPUT_CASE"] ?? "").split(",").flatMap((name) => {
    try {
        cases[name]?.(name);
        return [];
    } catch (cause) {
        const kind = RunError.isInstance(cause) ? "" : "not a RunError: ";
        return [[name, kind + (cause instanceof Error ? cause.message : String(cause))]];
    }
});
const report = process.env["BAD_INPUT_REPORT"];
if (report !== undefined) {
    writeFileSync(report, JSON.stringify(Object.fromEntries(thrown)));
}
