/** What a cloud does not have, told by `pulumi preview` of the real engine with a simulated one: one message, nothing made. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { PreviewProject } from "./preview-project.js";

const program = join(__dirname, "bad-cloud-input-program.js");

type Told = Readonly<Record<string, readonly string[]>>;

const noKey =
    "sshAuthorizedKeys: got none; with a key of yours in `connection`, its public half must be given here: no machine would let Pulumi in";
const release =
    "must be one release, such as 4593.2.5: what is newest changes, and machines with it";

/** DigitalOcean: what is known while the program runs, and what it takes a look-up to know. */
const oceanAtOnce: Told = {
    "ocean-no-region": [
        'DigitalOcean "ocean-no-region"',
        "region: must be given: the slug of a region, such as sgp1",
    ],
    "ocean-nothing": [
        'DigitalOcean "ocean-nothing"',
        "region: must be given: the slug of a region, such as sgp1",
    ],
    "ocean-options": [
        'Cluster "ocean-options"',
        'platform.size: got "size"; unknown option; did you mean sizes?',
        'platform.vpc.range: got "range"; unknown option; known are id, ipRange',
    ],
    "ocean-arm": [
        'Cluster "ocean-arm"',
        'platform.image.flatcar.url: got "https://a/arm64-usr/b.bin"; is for ARM, and every droplet is amd64',
    ],
    "ocean-file": [
        'Cluster "ocean-file"',
        'platform.image.flatcar.url: got "file:///image.bin"; must be an http or https URL, which DigitalOcean fetches by itself',
    ],
    "ocean-release": [
        'Cluster "ocean-release"',
        `platform.image.flatcar.version: got "current"; ${release}`,
    ],
    "ocean-no-image": [
        'DigitalOcean "ocean-no-image"',
        'image: got {"slug":"debian-12-x64"}; must be `{ id }`, `{ name }` or `{ flatcar: { version } }`',
    ],
    "ocean-groups": [
        'Cluster "ocean-groups"',
        'platform.sizes.membres: got "membres"; is no group of "ocean-groups"; did you mean members?',
        'platform.reservedAddresses[0]: got "db"; is no worker group of "ocean-groups"; there are web',
        'platform.loadBalancers[0]: got "wep"; is no worker group of "ocean-groups"; did you mean web?',
    ],
    "ocean-subnet": [
        'Cluster "ocean-subnet"',
        'platform.vpc.ipRange: got "10.0.0.0/28"; has room for 12 machines, and "ocean-subnet" has 13; take a larger one',
    ],
    "ocean-large": [
        'Cluster "ocean-large"',
        "user-data of members: got N bytes; at most 65536 bytes can be sent; the largest parts are write_files[1] (/a) with N, write_files[0] (/opt/pulumi-coreos/etcd-membership) with N, coreos.units[0] (etcd.service) with N; let the machine fetch large files",
    ],
    "ocean-key": ['Cluster "ocean-key"', noKey],
    "ocean-key-in-text": [
        'Cluster "ocean-key-in-text"',
        "sshAuthorizedKeys: got none; DigitalOcean makes no droplet of a custom image without an SSH key; give one here, or name one of the account in the platform's `sshKeys`",
    ],
};
const oceanLookedUp: Told = {
    "ocean-region": [
        'DigitalOcean "ocean-region"',
        'region: got "sgp9"; is not known to DigitalOcean; did you mean sgp1?',
    ],
    "ocean-far": [
        'DigitalOcean "ocean-far"',
        'region: got "london"; is not known to DigitalOcean; there are ams2, ams3, blr1, fra1, lon1, nyc1, nyc2, nyc3, sfo1, sfo2, sfo3, sgp1, syd1, tor1',
    ],
    "ocean-size": [
        'DigitalOcean "ocean-size"',
        'sizes.default: got "s-1vcpu-21gb"; is not known to DigitalOcean; did you mean s-1vcpu-1gb?',
        'sizes.members: got "m-16vcpu-tb"; is not known to DigitalOcean; `doctl compute size list` shows them',
    ],
    "ocean-image": [
        'DigitalOcean "ocean-image"',
        'image.name: got "mine"; must be the name of one image of the account (GET /v2/images: 404 no image found for "mine"); import it, or leave `image` out for a release of Flatcar',
    ],
    "ocean-elsewhere": [
        'DigitalOcean "ocean-elsewhere"',
        'image.name: got "flatcar"; that image is in sgp1, and not in ams3; have DigitalOcean copy it there',
    ],
    "ocean-vpc": [
        'Cluster "ocean-vpc"',
        'platform.vpc.id: got "0000"; is no VPC of the account (GET /v2/vpcs: 404 there is no VPC "0000")',
    ],
    "ocean-vpc-elsewhere": [
        'Cluster "ocean-vpc-elsewhere"',
        'platform.vpc.id: got "vpc-1"; that VPC is in sgp1, and not in ams3',
        'platform.vpc.id: got "vpc-1"; that VPC, 10.0.0.0/28, has room for 12 machines, and "ocean-vpc-elsewhere" has 13; take a larger one',
    ],
};

const nileAtOnce: Told = {
    "nile-options": [
        'Cluster "nile-options"',
        'platform.instanceType: got "instanceType"; unknown option; did you mean instanceTypes?',
        "platform.vpc.subnets: got []; must name a subnet at least",
    ],
    "nile-no-image": [
        'Cluster "nile-no-image"',
        'platform.image: got {"name":"mine"}; must be `{ id }` or `{ flatcar: { version } }`',
    ],
    "nile-groups": [
        'Cluster "nile-groups"',
        'platform.policies.wep: got "wep"; is no group of "nile-groups"; did you mean web?',
        'platform.loadBalancers[0]: got "wep"; is no worker group of "nile-groups"; did you mean web?',
    ],
    "nile-room": [
        'Cluster "nile-room"',
        'platform.vpc.cidr: got "10.0.0.0/26"; gives the subnet 10.0.0.0/28 room for 11 machines, and 12 of the 12 machines of "nile-room" would be in it; take a larger one',
    ],
    "nile-private": [
        'Cluster "nile-private"',
        "platform.publicAddresses: got false; needs a VPC of yours with a way out, in `vpc.id` and `vpc.subnets`: machines without one could fetch nothing",
    ],
    "nile-large": [
        'Cluster "nile-large"',
        "user-data of members: got N bytes as gzip; at most 16384 bytes as gzip can be sent; the largest parts are write_files[1] (/a) with N, write_files[0] (/opt/pulumi-coreos/etcd-membership) with N, coreos.units[0] (etcd.service) with N before gzip; let the machine fetch large files",
    ],
    "nile-key": ['Cluster "nile-key"', noKey],
};
const nileLookedUp: Told = {
    "nile-type": [
        'Aws "nile-type"',
        'instanceTypes.default: got "t3.smal"; is no instance type of this region; did you mean t3.small?',
        'instanceTypes.members: got "huge"; is no instance type of this region; it is a name such as t3.small',
    ],
    "nile-zone": [
        'Cluster "nile-zone"',
        'platform.vpc.zones[1]: got "eu-central-1d"; must be one of eu-central-1a, eu-central-1b, eu-central-1c',
    ],
    "nile-zones": [
        'Cluster "nile-zones"',
        "platform.vpc.zones: got 4; this region has 3 zones, eu-central-1a, eu-central-1b, eu-central-1c; ask for fewer",
    ],
    "nile-release": [
        'Cluster "nile-release"',
        'platform.image.flatcar.version: got "1.2.3"; Flatcar stable 1.2.3 for x86_64 is not among the AMIs of account 075585003325 in this region; Flatcar\'s stay public for nine months: take a newer release, or give the id of an AMI in `image.id`, for machines that run the one that they have',
    ],
    "nile-arm": [
        'Cluster "nile-arm"',
        'platform.image.id: got "ami-0000000000000000a"; mine is for arm64, and t3.small has x86_64; take an AMI or instance types of the other kind',
    ],
    "nile-subnet": [
        'Cluster "nile-subnet"',
        'platform.vpc.subnets[0].id: got "subnet-9"; that subnet can\'t be looked up in this region (ec2 DescribeSubnets: 400 no matching EC2 Subnet found)',
    ],
    "nile-range": [
        'Cluster "nile-range"',
        'platform.vpc.subnets[0].cidr: got "10.0.0.0/25"; that subnet has 10.0.0.0/24',
        'platform.vpc.subnets[0].id: got "subnet-1"; that subnet is in vpc-1, not in vpc-2',
    ],
    "nile-keys": [
        'Machine "nile-keys-1"',
        "user-data: got N bytes as gzip; at most 16384 bytes as gzip can be sent; the largest parts are write_files[1] (/a) with N, ssh_authorized_keys with N, write_files[0] (/opt/pulumi-coreos/etcd-membership) with N before gzip; let the machine fetch large files",
    ],
};

const clouds = [
    {
        cloud: "digitalocean",
        atOnce: oceanAtOnce,
        lookedUp: oceanLookedUp,
        fine: "ocean-fine",
        first: "digitalocean:index/getSizes:getSizes",
        words: [
            [
                "GET https://api.digitalocean.com/v2/sizes: 401 (request 43fe) Unable to authenticate you",
                'DigitalOcean "ocean-image"',
                "credentials: got no token that DigitalOcean takes (GET https://api.digitalocean.com/v2/sizes: 401 (request 43fe) Unable to authenticate you); set `digitalocean:token` (pulumi config set --secret digitalocean:token …) or DIGITALOCEAN_TOKEN, or give the platform a provider that has one",
            ],
        ],
        mistaken: "ocean-image",
    },
    {
        cloud: "aws",
        atOnce: nileAtOnce,
        lookedUp: nileLookedUp,
        fine: "nile-fine",
        first: "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings",
        words: [
            [
                "No valid credential sources found.",
                'Aws "nile-release"',
                "credentials: got none that AWS takes (No valid credential sources found); set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or `aws:profile`, or give the platform a provider that has them",
            ],
            [
                "invalid AWS Region: eu-cental-1",
                'Aws "nile-release"',
                "region: got none that AWS knows (invalid AWS Region: eu-cental-1); set `aws:region` (pulumi config set aws:region eu-central-1) or AWS_REGION, or give the platform a provider that has one",
            ],
        ],
        mistaken: "nile-release",
    },
] as const;

for (const { cloud, atOnce, lookedUp, fine, first, words, mistaken } of clouds) {
    describe(`mistakes on the simulated ${cloud}`, () => {
        let project: PreviewProject;

        before(async () => {
            project = await PreviewProject.make(program, cloud);
            const account = project.cloud?.account;
            const image = { name: "flatcar", imageId: 7, regions: ["sgp1"] };
            const arm = { name: "mine", architecture: "arm64", ownerId: "123456789012" };
            const [id, cidrBlock] = ["ami-0000000000000000a", "10.0.0.0/24"];
            const availabilityZone = "eu-central-1a";
            await (cloud === "aws"
                ? account?.put("images", { ...arm, id, creationDate: "2026-01-01T00:00:00Z" })
                : account?.put("images", { ...image, id: "7" }));
            await account?.put("vpcs", { id: "vpc-1", region: "sgp1", ipRange: "10.0.0.0/28" });
            const subnet = { id: "subnet-1", vpcId: "vpc-1", cidrBlock, availabilityZone };
            await account?.put("subnets", subnet);
        });

        after(() => project.remove());

        const messageOf = ([subject, ...lines]: readonly string[]) =>
            `${subject} can't be made:\n${lines.map((line) => `  - ${line}`).join("\n")}`;

        /** What Pulumi shows as errors, each message by itself. */
        const shown = async (names: readonly string[], report = "") => {
            const variables = { BAD_INPUT_CASE: names.join(), AWS_REGION: "eu-central-1" };
            const file = report === "" ? {} : { BAD_INPUT_REPORT: report };
            const { code, text } = await project.run(["preview"], { ...variables, ...file });
            const [, diagnostics = ""] = text.split("Diagnostics:");
            assert.doesNotMatch(text, /^\s+at |unhandled|node:internal/m, "no stack");
            const errors = diagnostics.split(/^ +error: /m).slice(1);
            const messages = errors.map((error) =>
                (error.split("\n\n")[0] ?? "")
                    .trim()
                    .split("\n")
                    .map((line) => line.trim().replace(/^- /, "  - "))
                    .join("\n"),
            );
            return { code, text, messages: messages.map(withoutSizes) };
        };

        test("are told at once, or in the same preview by a look-up, each once", async () => {
            const report = join(project.folder, "report.json");
            const names = [...Object.keys(atOnce), ...Object.keys(lookedUp)];
            const { code, text, messages } = await shown(names, report);
            assert.notEqual(code, 0);
            const said = JSON.parse(withoutSizes(readFileSync(report, "utf8")));
            const expected = Object.entries(atOnce).map(([name, told]) => [name, messageOf(told)]);
            assert.deepEqual(said, Object.fromEntries(expected));
            assert.deepEqual(messages.sort(), Object.values(lookedUp).map(messageOf).sort(), text);
        });

        for (const [reason, ...told] of words) {
            test(`are not told where the cloud says "${reason}": that is, with what to set`, async () => {
                await project.cloud?.refuse(first, reason);
                const { messages } = await shown([mistaken]);
                await project.cloud?.refuse(first);
                assert.deepEqual(messages, [messageOf(told)]);
            });
        }

        test("are none: nothing is said, with rights too few for the first look-up as well", async () => {
            await project.cloud?.refuse(first, "403 You are not authorized to perform this");
            const { code, text } = await shown([fine]);
            await project.cloud?.refuse(first);
            assert.equal(code, 0, text);
            assert.doesNotMatch(text, /warning|error/);
        });
    });
}

/** How large a text is depends on more than what a test is about. */
function withoutSizes(text: string): string {
    return text.replaceAll(/(with|user-data.*?got) \d+/g, "$1 N");
}
