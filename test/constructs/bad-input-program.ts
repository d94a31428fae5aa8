/** The programs of bad-input.test.ts: each declares what nobody should, and makes nothing. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
    Cluster,
    type ClusterArgs,
    DiscoveryToken,
    type MachinesRequest,
    type Platform,
    Service,
    type ServiceArgs,
    SshKey,
} from "../../lib/index.js";
import { Local } from "../../lib/platforms/local/index.js";

/** A platform whose machines are never made: a problem must be told before. */
class Nowhere implements Platform {
    readonly traits = {
        name: "nowhere",
        userData: { limit: 65_536, gzip: false },
        publicIpv4: false,
        user: "core",
        hasBinaries: true,
    };

    plan(): { problems: [] } {
        return { problems: [] };
    }

    create({ machines, userData }: MachinesRequest) {
        return Object.fromEntries(
            machines.map(({ name, group }) => {
                const id = pulumi.output(userData[group] ?? "").apply((text) => {
                    process.stdout.write(`MADE ${name} with ${text.length} characters\n`);
                    return name;
                });
                return [name, { id, privateIp: id }];
            }),
        );
    }
}

const endpoint = "http://127.0.0.1:9/v2/keys";
const members = { count: 3 };
const unit = { Service: { ExecStart: "/bin/true" } };

function cluster(args: Partial<ClusterArgs>): Cluster {
    return new Cluster("demo", { platform: new Nowhere(), members, ...args });
}

function local(subnet: string, count = 3): Cluster {
    return new Cluster("demo", { platform: new Local("local", { subnet }), members: { count } });
}

function service(args: Partial<ServiceArgs>): Service {
    return new Service("hello", { cluster: args.cluster ?? cluster({}), unit, ...args });
}

function canary(image: number): Service {
    return service({
        unit: { Service: { ExecStart: "/opt/web --image 1" } },
        instances: {
            "8888": {},
            "9999": { unit: { Service: { ExecStart: `/opt/web --image ${image}` } } },
        },
    });
}

/** A folder of unit files; answers with the path of the template `web@.service`. */
function webFile(): string {
    const folder = join(tmpdir(), `unit-files-${process.pid}`);
    const files = {
        "web@.service": "[Service]\nExecStart=/opt/web %i\nUser=root\nGroup=root\n",
        "web@.service.d/20-b.conf": "[Service]\nMemoryMax=64M\n",
        "web@.service.d/10-a.conf": "[Service]\nMemoryMax=32M\n",
        "web-announce@.service":
            "[Unit]\nBindsTo=web@%i.service\n[Service]\nExecStart=/x\nUser=a\n",
        "tick.service": "[Service]\nType=oneshot\nExecStart=/x\n",
        "tick.timer": "[Timer]\nOnCalendar=daily\n",
        "README.md": "no unit",
    };
    for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
    }
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    return join(folder, "web@.service");
}

/** What a mistake is, by the name under which the test asks for it. */
export const cases: Readonly<Record<string, () => unknown>> = {
    noMembers: () => new Cluster("demo", { platform: new Nowhere() }),
    zeroMembers: () => cluster({ members: { count: 0 } }),
    fleetWithoutEtcd: () => cluster({ etcd: false, fleet: true }),
    noHostName: () => cluster({ members: { names: ["demo_1", "demo-2", "-"] } }),
    sameNameTwice: () => cluster({ members: { names: ["a", "b", "a"] } }),
    subnetTooSmall: () => local("10.80.0.0/29", 6),
    subnetMalformed: () => local("10.80.0.300/24"),
    subnetInUse: () => local("10.63.254.0/23"),
    otherPlatforms: () =>
        cluster({
            members: { count: 1, platform: new Local("local") },
            workers: { web: { count: 1, platform: new Nowhere() }, batch: { count: 1 } },
        }),
    metadata: () => cluster({ members: { count: 1, metadata: { zone: "a,b" } } }),
    unitSuffix: () => cluster({ units: [{ name: "extra.servce", content: unit }] }),
    serviceName: () => new Service("a b", { cluster: cluster({}), unit }),
    instances: () => service({ instances: -1 }),
    newline: () => service({ unit: { Service: { ExecStart: "/bin/true\nUser=root" } } }),
    noExecStart: () => service({ unit: { Unit: { Description: "hello" } } }),
    conflicts: () =>
        service({ instances: 4, unit: { ...unit, "X-Fleet": { Conflicts: "hello@*.service" } } }),
    serviceWithoutFleet: () => service({ cluster: cluster({ fleet: false }) }),
    noPlatform: () => new Cluster("demo", JSON.parse('{"members":{"count":1}}')),
    privateKey: () =>
        cluster({ files: [{ path: "/key", content: "-----BEGIN OPENSSH PRIVATE KEY-----\nx" }] }),
    passwordHash: () =>
        cluster({
            cloudConfig: { users: [{ name: "core", passwd: `$6$salt$${"x".repeat(86)}` }] },
        }),
    tooLarge: () => cluster({ files: [{ path: "/a", content: "x".repeat(70_000) }] }),
    many: () => {
        const bad = {
            count: 1,
            metadata: { "a=b": "c" },
            expose: [0],
            units: [{ name: "x.service", content: { Service: { ExecStart: "a\nb" } } }],
        };
        return new Cluster("Demo", {
            platform: new Local("local", { subnet: "8.8.8.0/24" }),
            members: { count: 0 },
            workers: { web: bad },
            files: [{ path: "relative", content: "$public_ipv4" }],
        });
    },
    manyOfAService: () =>
        service({
            unit: JSON.parse(
                '{"Service":{"ExecStart":"a\\nb","Restart":"sometimes"},"X-Fleet":{"Global":"perhaps"}}',
            ),
        }),
    secrets: () => {
        const content = pulumi.secret("hunter2");
        return cluster({
            files: [{ path: "/key", content }],
            workers: {
                web: {
                    count: 1,
                    units: [
                        {
                            name: "x.service",
                            content: { Service: { ExecStart: pulumi.interpolate`/x ${content}` } },
                        },
                    ],
                },
            },
            cloudConfig: { users: [{ name: "a", passwd: content }] },
        });
    },
    secretAsAWhole: () => {
        const files = [{ path: "/key", content: pulumi.secret("hunter2") }];
        cluster({ files: pulumi.output(files).apply((all) => all) });
    },
    secretsOfService: () => {
        const text = pulumi.secret("hunter2");
        service({
            unit: { Service: { ExecStart: pulumi.interpolate`/x ${text}` } },
            units: { other: pulumi.interpolate`[Service]\nExecStart=/x ${text}\n` },
            environment: { PASSWORD: text, USER: "a" },
            dropIns: { "10-a.conf": { Service: { User: text } } },
            instances: { a: { environment: { PASSWORD: text } } },
        });
    },
    serviceOptions: () => {
        const args = { ...JSON.parse('{"enviroment":{"A":1}}'), rollout: pulumi.output({}) };
        service(args);
    },
    serviceHalfKnown: () => {
        const { publicKey } = new SshKey("early", { comment: "x" });
        service({
            unit: { Service: { ExecStart: pulumi.interpolate`/x ${publicKey}`, User: "a\nb" } },
            units: { other: { Service: { ExecStart: "/x" } }, "a b": unit },
            check: { tcp: { port: 0 }, every: 1 },
        });
    },
    canary: () => canary(1),
    canaryChanged: () => canary(2),
    serviceSecrets: () =>
        service({
            instances: 1,
            secrets: { token: pulumi.secret("hunter2") },
            units: { "hello-announce": unit },
        }),
    noFile: () => Service.fromFile("units/nowhere.service", { cluster: cluster({}) }),
    templateFile: () => Service.fromFile(webFile(), { cluster: cluster({}) }),
    file: () =>
        Service.fromFile(webFile(), {
            cluster: cluster({}),
            instances: 1,
            unit: { Service: { User: pulumi.output("web"), Group: "" } },
        }),
    folder: () =>
        Service.fromFolder(dirname(webFile()), {
            cluster: cluster({}),
            services: {
                web: { instances: 2, units: { "web-announce": { Service: { User: "b" } } } },
            },
        }),
    folderNames: () =>
        Service.fromFolder(dirname(webFile()), {
            cluster: cluster({}),
            services: { wbe: { instances: 2 } },
        }),
    halfKnown: () => {
        const { publicKey: content } = new SshKey("early", { comment: "x" });
        return cluster({
            files: [
                { path: "/known/after/up", content },
                { path: "relative", content },
            ],
        });
    },
    knownLate: () => {
        const { publicKey } = new SshKey("early", { comment: "x" });
        const path = publicKey.apply((key) => `relative/${key.slice(0, 3)}`);
        return cluster({ files: [{ path, content: "x" }] });
    },
    discoverySize: () =>
        cluster({ bootstrap: { discovery: new DiscoveryToken("first", { size: 5, endpoint }) } }),
    discoveryUrl: () => cluster({ bootstrap: { discovery: "discovery.example/abc" } }),
    discoverySecret: () =>
        cluster({ bootstrap: { discovery: pulumi.secret("http://127.0.0.1:9/v2/keys/a") } }),
    discovery: () => {
        const discovery = new DiscoveryToken("first", { size: 3, endpoint });
        return cluster({ bootstrap: { discovery }, workers: { web: { count: 1 } } });
    },
    discoveryOwn: () => cluster({ bootstrap: { discovery: "http://127.0.0.1:9/v2/keys/a" } }),
    even: () => cluster({ members: { count: 2 } }),
    fine: () => {
        const platform = new Nowhere();
        const named = cluster({ platform, members: { ...members, platform } });
        return service({ instances: 3, cluster: named });
    },
};

const wanted = process.env["BAD_INPUT_CASE"] ?? "";
const report = process.env["BAD_INPUT_REPORT"];
if (report === undefined) {
    cases[wanted]?.();
} else {
    const messages = wanted.split(",").map((name) => {
        try {
            cases[name]?.();
            return [name, "nothing was thrown"];
        } catch (cause) {
            const kind = pulumi.RunError.isInstance(cause) ? "" : "not a RunError: ";
            return [name, kind + (cause instanceof Error ? cause.message : String(cause))];
        }
    });
    writeFileSync(report, JSON.stringify(Object.fromEntries(messages)));
}
