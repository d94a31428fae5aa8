/** What an AWS platform asks the cloud for, by Pulumi's own stand-in for its engine. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import * as pulumi from "@pulumi/pulumi";
import { parseCloudConfig } from "../../../lib/cloud-config/index.js";
import { Cluster } from "../../../lib/index.js";
import { Aws } from "../../../lib/platforms/aws/index.js";

type Inputs = Readonly<Record<string, unknown>>;

const declared = new Map<string, { readonly type: string; readonly inputs: Inputs }>();
const options = new Map<string, pulumi.CustomResourceOptions>();
const calls: { readonly token: string; readonly inputs: Inputs }[] = [];
const policy = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";

const short = (type: string) => type.split(":").at(-1) ?? "";
const inputsOf = (name: string): Inputs => {
    const found = declared.get(name);
    assert.ok(found, `${name} is not among ${[...declared.keys()].join(", ")}`);
    return found.inputs;
};

const archive = (digit: string) => ({
    url: `https://example.com/${digit}.tar.gz`,
    sha256: digit.repeat(64),
});

/** What `Readiness` would have seen. */
function readyOf({ machines = [] }: { machines?: readonly { readonly name: string }[] }) {
    return machines.map(({ name }) => ({ name, hostKey: "ssh-ed25519 CCCC", machineId: name }));
}

before(async () => {
    const mocks: pulumi.runtime.Mocks = {
        newResource: ({ type, name, inputs }) => {
            declared.set(`${short(type)} ${name}`, { type, inputs });
            const own = { ready: readyOf(inputs), arn: `${name}-arn`, dnsName: `${name}.example` };
            const publicKey = "ssh-ed25519 AAAA";
            return {
                id: `${name}-id`,
                state: { ...inputs, ...own, publicKey, publicIp: "198.18.0.2" },
            };
        },
        call: ({ token, inputs }) => {
            calls.push({ token, inputs });
            if (token.includes("getSubnet:")) {
                const zones: Record<string, string> = { one: "x-1a", two: "x-1a", three: "x-1b" };
                const id = String(inputs["id"]);
                const cidrBlock = `10.90.${Object.keys(zones).indexOf(id)}.0/24`;
                return { id, cidrBlock, vpcId: "vpc-1", availabilityZone: zones[id] };
            }
            const { filters = [] }: { filters?: { name: string; values: string[] }[] } = inputs;
            const architecture = filters.find(({ name }) => name === "architecture")?.values[0];
            const creationDate = new Date().toISOString();
            return { names: ["x-1c", "x-1a", "x-1b"], id: `ami-${architecture}`, creationDate };
        },
    };
    await pulumi.runtime.setMocks(mocks, "My.Project", "prod", false);
    const collect: pulumi.ResourceTransformation = ({ type, name, opts }) => {
        options.set(`${short(type)} ${name}`, opts);
        return undefined;
    };
    const platform = new Aws("nile", {
        instanceTypes: { default: "t3.small", web: "t4g.small" },
        vpc: { cidr: "10.80.0.0/20" },
        sshFrom: ["203.0.113.0/24", "203.0.113.7", "2001:db8::1"],
        metadataHopLimit: 2,
        etcdVolume: { size: 10 },
        policies: { web: [policy] },
        loadBalancers: ["web"],
        tags: { team: "blue" },
    });
    const cluster = new Cluster(
        "demo",
        {
            platform,
            members: { count: 3 },
            workers: { web: { count: 1, expose: [80, 443] } },
            binaries: { fleet: { amd64: archive("a"), arm64: archive("b") } },
            sshAuthorizedKeys: ["ssh-ed25519 BBBB"],
        },
        { transformations: [collect] },
    );
    await new Promise((resolve) => cluster.etcdEndpoints.apply(resolve));
    const balancer = platform.loadBalancerAddress("demo", "web");
    assert.equal(
        await new Promise((resolve) => balancer.apply(resolve)),
        "demo-web-load-balancer.example",
    );
    await new Promise((resolve) => cluster.machines.apply(resolve));
    await new Promise((resolve) => setTimeout(resolve, 200));
});

test("the names and types of its resources, which stand in users' state", () => {
    const own = [...declared].filter(([, { type }]) => type.startsWith("aws:"));
    assert.deepEqual(own.map(([name]) => name).sort(), [
        "Instance demo-1",
        "Instance demo-2",
        "Instance demo-3",
        "Instance demo-web-1",
        "InstanceProfile demo-web-profile",
        "InternetGateway demo-gateway",
        "KeyPair demo-ssh-key",
        "Listener demo-web-443",
        "Listener demo-web-80",
        "LoadBalancer demo-web-load-balancer",
        "Role demo-web-role",
        "RolePolicyAttachment demo-web-AmazonS3ReadOnlyAccess",
        "RouteTable demo-routes",
        "RouteTableAssociation demo-routes-1",
        "RouteTableAssociation demo-routes-2",
        "RouteTableAssociation demo-routes-3",
        "SecurityGroup demo-firewall",
        "SecurityGroup demo-web-firewall",
        "Subnet demo-subnet-1",
        "Subnet demo-subnet-2",
        "Subnet demo-subnet-3",
        "TargetGroup demo-web-443",
        "TargetGroup demo-web-80",
        "TargetGroupAttachment demo-web-1-443",
        "TargetGroupAttachment demo-web-1-80",
        "Volume demo-1-etcd",
        "Volume demo-2-etcd",
        "Volume demo-3-etcd",
        "VolumeAttachment demo-1-etcd",
        "VolumeAttachment demo-2-etcd",
        "VolumeAttachment demo-3-etcd",
        "Vpc demo-vpc",
    ]);
});

test("a member's instance", () => {
    const { userDataBase64, ...rest } = inputsOf("Instance demo-2");
    const tags = { team: "blue", Name: "my-project-prod-demo-demo-2" };
    assert.deepEqual(rest, {
        ami: "ami-x86_64",
        instanceType: "t3.small",
        subnetId: "demo-subnet-2-id",
        privateIp: "10.80.4.10",
        associatePublicIpAddress: true,
        vpcSecurityGroupIds: ["demo-firewall-id"],
        keyName: "my-project-prod-demo",
        userDataReplaceOnChange: false,
        metadataOptions: {
            httpEndpoint: "enabled",
            httpTokens: "required",
            httpPutResponseHopLimit: 2,
        },
        rootBlockDevice: { volumeType: "gp3", volumeSize: 16, encrypted: true, tags },
        tags,
    });
    const opts = options.get("Instance demo-2");
    assert.deepEqual(opts?.ignoreChanges, [
        "ami",
        "userDataBase64",
        "keyName",
        "instanceType",
        "associatePublicIpAddress",
    ]);
    assert.equal(opts?.deleteBeforeReplace, true);
    const packed = Buffer.from(String(userDataBase64), "base64");
    assert.equal(packed[9], 255, "the same on every system");
    const { document } = parseCloudConfig(gunzipSync(packed).toString());
    assert.equal(document.hostname, "demo-2");
    assert.deepEqual(document.ssh_authorized_keys, ["ssh-ed25519 BBBB"]);
    const etcd = document.coreos?.units?.filter(({ name }) => name === "etcd.service");
    const list = [1, 2, 3].map((n) => `demo-${n}=http://10.80.${4 * (n - 1)}.10:2380`).join(",");
    assert.ok(JSON.stringify(etcd).includes(list));
});

test("a worker's instance, which follows every change", () => {
    const rest = inputsOf("Instance demo-web-1");
    assert.deepEqual(
        [rest["ami"], rest["instanceType"], rest["userDataReplaceOnChange"]],
        ["ami-arm64", "t4g.small", true],
    );
    assert.equal(rest["iamInstanceProfile"], "my-project-prod-demo-web");
    assert.deepEqual(rest["vpcSecurityGroupIds"], ["demo-firewall-id", "demo-web-firewall-id"]);
    assert.deepEqual(options.get("Instance demo-web-1")?.ignoreChanges, []);
    assert.equal(options.get("Instance demo-web-1")?.deleteBeforeReplace, true);
});

test("the release is pinned: its name and its owner, and never the newest", () => {
    const found = calls.filter(({ token }) => token.includes("getAmi"));
    assert.deepEqual(
        found.map(({ inputs }) => inputs),
        ["x86_64", "arm64"].map((architecture) => ({
            owners: ["075585003325"],
            filters: [
                { name: "name", values: ["Flatcar-stable-4593.2.5-*hvm"] },
                { name: "architecture", values: [architecture] },
            ],
        })),
    );
});

test("subnets are in zones of their own, in the order of their names", () => {
    const zones = [1, 2, 3].map((n) => inputsOf(`Subnet demo-subnet-${n}`));
    assert.deepEqual(
        zones.map(({ cidrBlock, availabilityZone }) => [cidrBlock, availabilityZone]),
        [
            ["10.80.0.0/22", "x-1a"],
            ["10.80.4.0/22", "x-1b"],
            ["10.80.8.0/22", "x-1c"],
        ],
    );
    assert.deepEqual(options.get("Subnet demo-subnet-1")?.ignoreChanges, ["availabilityZone"]);
});

test("inside everything, from outside SSH and exposed ports", () => {
    const { ingress } = inputsOf("SecurityGroup demo-firewall");
    assert.deepEqual(ingress, [
        { protocol: "-1", fromPort: 0, toPort: 0, self: true },
        {
            protocol: "tcp",
            fromPort: 22,
            toPort: 22,
            cidrBlocks: ["203.0.113.0/24", "203.0.113.7/32"],
            ipv6CidrBlocks: ["2001:db8::1/128"],
        },
    ]);
    const exposed = inputsOf("SecurityGroup demo-web-firewall");
    const everywhere = { cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] };
    assert.deepEqual(
        exposed["ingress"],
        [80, 443].map((port) => ({ protocol: "tcp", fromPort: port, toPort: port, ...everywhere })),
    );
});

test("a member's volume is in the zone of its subnet, encrypted, and found by its script", () => {
    const { availabilityZone, size, type, encrypted } = inputsOf("Volume demo-3-etcd");
    assert.deepEqual([availabilityZone, size, type, encrypted], ["x-1c", 10, "gp3", true]);
    assert.deepEqual(inputsOf("VolumeAttachment demo-3-etcd"), {
        deviceName: "/dev/sdf",
        volumeId: "demo-3-etcd-id",
        instanceId: "demo-3-id",
        stopInstanceBeforeDetaching: true,
    });
    const text = inputsOf("UserData demo-members")["text"];
    const { document } = parseCloudConfig(String(text));
    assert.deepEqual(
        document.coreos?.units?.find(({ name }) => name === "etcd.service")?.drop_ins,
        [
            {
                name: "10-binaries.conf",
                content:
                    "[Unit]\nRequires=coreos-binaries.service\nAfter=coreos-binaries.service\n",
            },
            {
                name: "10-volume.conf",
                content: "[Unit]\nRequires=etcd-volume.service\nAfter=etcd-volume.service\n",
            },
        ],
    );
});

test("each group fetches the programs for its own processors", () => {
    const fetched = (group: string) =>
        String(inputsOf(`UserData demo-${group}`)["text"])
            .split("\n")
            .flatMap((line) => /fetch-binaries (http\S+) (\w{8})/.exec(line)?.slice(1) ?? []);
    const etcd = "https://github.com/etcd-io/etcd/releases/download/v3.5.33/etcd-v3.5.33-linux-";
    assert.deepEqual(fetched("members"), [
        ...[`${etcd}amd64.tar.gz`, "5025b5b2"],
        ...["https://example.com/a.tar.gz", "aaaaaaaa"],
    ]);
    assert.deepEqual(fetched("web"), [
        ...[`${etcd}arm64.tar.gz`, "0764c5c0"],
        ...["https://example.com/b.tar.gz", "bbbbbbbb"],
    ]);
    assert.equal(inputsOf("Readiness demo-ready")["binaries"], true);
});

test("the load balancer sends each exposed port on", () => {
    const { loadBalancerType, internal, subnets } = inputsOf("LoadBalancer demo-web-load-balancer");
    assert.deepEqual([loadBalancerType, internal], ["network", false]);
    assert.deepEqual(
        subnets,
        [1, 2, 3].map((n) => `demo-subnet-${n}-id`),
    );
    assert.deepEqual(inputsOf("TargetGroupAttachment demo-web-1-443"), {
        targetGroupArn: "demo-web-443-arn",
        targetId: "demo-web-1-id",
        port: 443,
    });
});

test("the load balancer of a VPC that is there is in one subnet of each zone", async () => {
    const ids = ["one", "two", "three"];
    const subnets = ids.map((id, index) => ({ id, cidr: `10.90.${index}.0/24` }));
    const platform = new Aws("given", { vpc: { id: "vpc-1", subnets }, loadBalancers: ["web"] });
    const workers = { web: { count: 3, expose: [80] } };
    const cluster = new Cluster("three", {
        platform,
        members: { count: 1 },
        workers,
        binaries: "image",
    });
    await new Promise((resolve) => cluster.machines.apply(resolve));
    const address = platform.loadBalancerAddress("three", "web");
    await new Promise((resolve) => address.apply(resolve));
    const balancer = inputsOf("LoadBalancer three-web-load-balancer");
    assert.deepEqual(balancer["subnets"], ["one", "three"]);
    const own = [1, 2, 3].map((n) => inputsOf(`Instance three-web-${n}`)["subnetId"]);
    assert.deepEqual(own, ids);
});
