/** Mistakes, told by `pulumi preview` of the real engine: one clear message, no stack, nothing made. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { PreviewProject } from "./preview-project.js";

const program = join(__dirname, "bad-input-program.js");
let project: PreviewProject;

before(async () => {
    project = await PreviewProject.make(program);
});
after(async () => {
    await project.remove();
});

const label = "must be a host name: 1 to 63 of a–z, 0–9 and -, not at either end";
const secret =
    "got a Pulumi secret; no secret may be in user-data, which every process on the machine and " +
    "every console can read; put it on the machine over SSH";
const inUserData =
    "user-data can be read by every process on the machine and in the cloud's console; " +
    "write it to the machine over SSH once it is made";
const ownPlatform =
    'must be the cluster\'s own platform ("nowhere"): traffic between machines is not encrypted, so a ' +
    "cluster can't span two; leave it out, or make a cluster of its own there";
const oneLine =
    'got "a\\nb"; a value is one line; use a list for several lines, or end each but the last with a backslash';

/** What is said of each mistake, whole: the construct, then a line for each problem. */
const told: Readonly<Record<string, readonly string[]>> = {
    noMembers: [
        'Cluster "demo"',
        "workers: got no machine; must be at least one machine; with `members` they run etcd and fleet",
    ],
    zeroMembers: [
        'Cluster "demo"',
        "members.count: got 0; must be at least 1 while etcd is on; set `etcd: false` for machines without etcd and fleet",
    ],
    fleetWithoutEtcd: [
        'Cluster "demo"',
        "fleet: got true; needs etcd; leave `etcd` on or set `fleet: false`",
    ],
    noHostName: [
        'Cluster "demo"',
        `members.names[0]: got "demo_1"; ${label}`,
        `members.names[2]: got "-"; ${label}`,
    ],
    sameNameTwice: [
        'Cluster "demo"',
        'members.names[2]: got "a"; is the name of another machine (members.names[0]); names must differ',
    ],
    subnetTooSmall: [
        'Cluster "demo"',
        'platform.subnet: got "10.80.0.0/29"; has room for 5 machines, and "demo" has 6; take a larger one',
    ],
    subnetMalformed: [
        'Cluster "demo"',
        'platform.subnet: got "10.80.0.300/24"; must be an IPv4 network such as 10.80.0.0/24, with no bits below its prefix',
    ],
    otherPlatforms: [
        'Cluster "demo"',
        `members.platform: got "local"; ${ownPlatform}`,
        `workers.web.platform: got "nowhere"; ${ownPlatform}`,
    ],
    metadata: [
        'Cluster "demo"',
        'members.metadata.zone: got "a,b"; a metadata value must not contain ","',
    ],
    unitSuffix: [
        'Cluster "demo"',
        'units[0].name: got "extra.servce"; a unit\'s name must end in one of .service, .socket, .device, .mount, .automount, .swap, .target, .path, .timer, .slice, .scope',
    ],
    serviceName: [
        'Service "a b"',
        'name: got "a b.service"; a unit\'s name takes ASCII letters, digits and :-_.\\@, not " "; escapeName() escapes the rest',
    ],
    instances: ['Service "hello"', "instances: got -1; must be a whole number from 0 to 10000"],
    newline: [
        'Service "hello"',
        'unit.Service.ExecStart: got "/bin/true\\nUser=root"; a value is one line; use a list for several lines, or end each but the last with a backslash',
    ],
    noExecStart: [
        'Service "hello"',
        "unit.Service.ExecStart: a service needs ExecStart, or else RemainAfterExit=yes and ExecStop (with Type=oneshot or no Type)",
    ],
    conflicts: [
        'Service "hello"',
        "unit.X-Fleet.Conflicts: got hello@1.service, hello@2.service, hello@3.service, hello@4.service; 4 instances conflict with each other, but only 3 machines can take them (demo-1, demo-2, demo-3)",
    ],
    serviceWithoutFleet: [
        'Service "hello"',
        'cluster: got "demo"; has no fleet to run it; leave `etcd` and `fleet` on there',
    ],
    noPlatform: [
        'Cluster "demo"',
        "platform: must be given: where the machines run, such as new Local(…)",
    ],
    privateKey: ['Cluster "demo"', `files[0].content: got a private key; ${inUserData}`],
    passwordHash: ['Cluster "demo"', `cloudConfig.users[0].passwd: got a password; ${inUserData}`],
    discoverySize: [
        'Cluster "demo"',
        "bootstrap.discovery: got a token for 5 members; the cluster has 3, and begins only with as many as its token is for; a new cluster needs a DiscoveryToken with `size: 3`",
    ],
    discoveryUrl: [
        'Cluster "demo"',
        'bootstrap.discovery: got "discovery.example/abc"; must be a token\'s URL such as https://discovery.etcd.io/0123456789abcdef0123456789abcdef',
    ],
    tooLarge: [
        'Cluster "demo"',
        "user-data of members: got N bytes; at most 65536 bytes can be sent; the largest parts are write_files[1] (/a) with N, write_files[0] (/opt/pulumi-coreos/etcd-membership) with N, coreos.units[0] (etcd.service) with N; let the machine fetch large files",
    ],
};

test("each mistake is told in one sentence", async () => {
    const report = join(project.folder, "report.json");
    const names = Object.keys(told);
    const variables = { BAD_INPUT_CASE: names.join(), BAD_INPUT_REPORT: report };
    const { text } = await project.run(["preview"], variables);
    const file = readFileSync(report, "utf8").replaceAll(/(with|user-data.*?got) \d+/g, "$1 N");
    const said: Record<string, string> = JSON.parse(file);
    const expected = Object.entries(told).map(([name, [subject, ...lines]]) => [
        name,
        `${subject} can't be made:\n${lines.map((line) => `  - ${line}`).join("\n")}`,
    ]);
    assert.deepEqual(said, Object.fromEntries(expected), text);
});

/** The message of a run that was to fail, as Pulumi prints it under "Diagnostics". */
async function failure(
    name: string,
    { operation = ["preview"], isMade = false } = {},
): Promise<string[]> {
    const { code, text } = await project.run(operation, { BAD_INPUT_CASE: name });
    assert.notEqual(code, 0, text);
    assert.doesNotMatch(text, /^\s+at |unhandled|node:internal/m, "no stack");
    assert.equal(text.includes("MADE"), isMade, "whether a machine was made");
    const [, diagnostics = ""] = text.split("Diagnostics:");
    const [, message = ""] = /^ +error: ([\s\S]*?)\n\n/m.exec(diagnostics) ?? [];
    assert.equal(diagnostics.match(/error:/g)?.length, 1, text);
    return message.split("\n").map((line) => line.trim());
}

test("every problem of a cluster is told at once, and no stack is shown", async () => {
    assert.deepEqual(await failure("many"), [
        'Cluster "Demo" can\'t be made:',
        `- name: got "Demo"; ${label}`,
        "- members.count: got 0; must be at least 1 while etcd is on; set `etcd: false` for machines without etcd and fleet",
        "- workers.web.expose[0]: got 0; must be a TCP port, 1 to 65535",
        '- workers.web.metadata: got "a=b"; a metadata key must not contain "="',
        '- platform.subnet: got "8.8.8.0/24"; must lie in one of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 (RFC 1918)',
        '- files[0].path: got "relative"; must be an absolute path',
        "- files[0].content: got $public_ipv4; the machine has no public IPv4 address, and the agent would put nothing there; escape it as \\$public_ipv4 if the text is meant",
        `- workers.web.units[0].content.Service.ExecStart: ${oneLine}`,
    ]);
});

test("every problem of a service is told at once", async () => {
    const [subject, ...problems] = await failure("manyOfAService", { isMade: true });
    assert.equal(subject, 'Service "hello" can\'t be made:');
    assert.equal(problems[0], `- unit.Service.ExecStart: ${oneLine}`);
    assert.match(problems[1] ?? "", /^- unit\.Service\.Restart: got "sometimes"; .*on-failure/);
    assert.match(problems[2] ?? "", /^- unit\.X-Fleet\.Global: got "perhaps"; .*true/);
    assert.equal(problems.length, 3);
});

test("secrets are refused wherever they stand, at once, by their paths and not by their values", async () => {
    assert.deepEqual(await failure("secrets"), [
        'Cluster "demo" can\'t be made:',
        `- files[0].content: ${secret}`,
        `- cloudConfig.users[0].passwd: ${secret}`,
        `- workers.web.units[0].content.Service.ExecStart: ${secret}`,
    ]);
    assert.deepEqual(await failure("secretAsAWhole"), [
        'Cluster "demo" can\'t be made:',
        `- files: ${secret}`,
    ]);
});

test("a secret is refused as a token's URL too", async () => {
    assert.deepEqual(await failure("discoverySecret"), [
        'Cluster "demo" can\'t be made:',
        "- bootstrap.discovery: got a Pulumi secret; no secret may be in user-data, where the token's URL must stand",
    ]);
});

test("a token that is not made yet has its name in the text, and one that exists its URL", async () => {
    const planned = async (name: string): Promise<{ names: string[]; text: string }> => {
        const { code, text } = await project.run(["preview", "--json"], { BAD_INPUT_CASE: name });
        assert.equal(code, 0, text);
        const json = text.slice(text.indexOf("{\n"), text.lastIndexOf("}") + 1);
        const steps: { urn: string; newState: { inputs?: { text?: string } } }[] =
            JSON.parse(json).steps;
        const members = steps.find(({ urn }) => urn.endsWith("UserData::demo-members"));
        const names = steps.map(({ urn }) => urn.split("$").at(-1) ?? "");
        return { names, text: members?.newState.inputs?.text ?? "" };
    };
    const made = await planned("discovery");
    assert.match(made.text, / discovery=<url-of-discovery-token-first>\n/);
    const own = await planned("discoveryOwn");
    assert.match(own.text, / discovery=http:\/\/127\.0\.0\.1:9\/v2\/keys\/a\n/);
    const looked = "pulumi-nodejs:dynamic/coreos:DiscoveryToken::demo-discovery";
    assert.ok(own.names.includes(looked), "it is looked at before machines are made");
});

test("what is known in part is looked at in part: the rest is no problem yet", async () => {
    const [, ...problems] = await failure("halfKnown");
    assert.deepEqual(problems, ['- files[1].path: got "relative"; must be an absolute path']);
});

test("a text that is known only at the update passes the preview, and is refused before its machines", async () => {
    const preview = await project.run(["preview"], { BAD_INPUT_CASE: "knownLate" });
    assert.equal(preview.code, 0, preview.text);
    const problems = await failure("knownLate", { operation: ["up", "--yes", "--skip-preview"] });
    assert.deepEqual(problems, [
        'Cluster "demo" can\'t be made:',
        '- files[0].path: got "relative/ssh"; must be an absolute path',
    ]);
});

test("an even number of members is a warning that says why, and stops nothing", async () => {
    const { code, text } = await project.run(["preview"], { BAD_INPUT_CASE: "even" });
    assert.equal(code, 0, text);
    const why =
        'warning: Cluster "demo": members.count: got 2; an odd number is better: 2 members survive ' +
        "the loss of 0, as 1 does, and one more must agree to each write";
    assert.ok(text.includes(why), text);
});

test("a subnet that is in use on the host is refused by the preview, with what uses it", async (t) => {
    const link = `co-test-${process.pid}`.slice(0, 15);
    const ip = (...args: string[]) => execFileSync("ip", args);
    ip("link", "add", link, "type", "bridge");
    t.after(() => ip("link", "delete", link));
    ip("address", "add", "10.63.254.1/24", "dev", link);
    ip("link", "set", link, "up");
    const [message = ""] = await failure("subnetInUse");
    assert.match(message, /10\.63\.254\.0\/23 overlaps 10\.63\.254\.0\/24 on this host's co-test-/);
});

test("a cluster and a service without mistake pass", async () => {
    const { code, text } = await project.run(["preview"], { BAD_INPUT_CASE: "fine" });
    assert.equal(code, 0, text);
    assert.doesNotMatch(text, /warning|error/);
});
