import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { provider } from "@pulumi/pulumi";
import { Account } from "../../lib/testing/account.js";
import { region } from "../../lib/testing/aws/catalog.js";
import { aws } from "../../lib/testing/aws/program.js";
import { simulatedProvider } from "../../lib/testing/provider.js";

const publicKey = `ssh-ed25519 ${Buffer.alloc(51, 7).toString("base64")} demo`;
const policyArn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";

type Inputs = Record<string, unknown>;

/** What the simulated AWS refuses; nothing here gets as far as a machine. */
describe("the simulated AWS", () => {
    let folder: string;
    let account: Account;
    let cloud: provider.Provider;
    let vpcId = "";
    let subnetId = "";
    let otherSubnet = "";
    const ami: Record<string, string> = {};

    const urn = (type: string, name = "it") =>
        `urn:pulumi:test::test::aws:${type}:${type.split("/")[1]?.replace(/^./, (c) => c.toUpperCase())}::${name}`;
    const create = async (type: string, inputs: Inputs): Promise<{ id: string; outs: Inputs }> => {
        const checked = await cloud.check?.(urn(type), {}, inputs);
        const made = await cloud.create?.(urn(type), checked?.inputs);
        assert.ok(made);
        return { id: String(made.id), outs: made.outs };
    };
    const lookUp = async (token: string, args: Inputs): Promise<Inputs> =>
        (await cloud.invoke?.(`aws:${token}`, args))?.outputs ?? {};
    const remove = async (type: string, id: string) => cloud.delete?.(id, urn(type), {});
    const release = (architecture: string, version = "4593.2.5") => ({
        owners: ["075585003325"],
        filters: [
            { name: "name", values: [`Flatcar-stable-${version}-*hvm`] },
            { name: "architecture", values: [architecture] },
        ],
    });
    const instance = (more: Inputs): Inputs => ({
        ami: ami["x86_64"],
        instanceType: "t3.small",
        subnetId,
        privateIp: "10.132.0.10",
        ...more,
    });

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "pulumi-coreos-account-"));
        account = new Account(folder);
        cloud = simulatedProvider(aws, account);
        for (const architecture of ["x86_64", "arm64"]) {
            const { id } = await lookUp("ec2/getAmi:getAmi", release(architecture));
            ami[architecture] = String(id);
        }
        vpcId = (await create("ec2/vpc", { cidrBlock: "10.132.0.0/20" })).id;
        const subnet = (cidrBlock: string, zone: string) =>
            create("ec2/subnet", { vpcId, cidrBlock, availabilityZone: `${region}${zone}` });
        subnetId = (await subnet("10.132.0.0/24", "a")).id;
        otherSubnet = (await subnet("10.132.1.0/24", "b")).id;
        await create("ec2/keyPair", { keyName: "demo", publicKey });
        for (const [id, zone, privateIp] of [
            ["i-1", `${region}a`, "10.132.0.11"],
            ["i-2", `${region}a`, "10.132.0.12"],
            ["i-3", `${region}b`, "10.132.1.11"],
        ]) {
            const record = { id: id ?? "", vpcId, subnetId, availabilityZone: zone, privateIp };
            await account.put("instances", { ...record, publicIp: "" });
        }
    });

    after(() => rmSync(folder, { recursive: true, force: true }));

    const tooLong = Buffer.alloc(16_385, "x");
    const refusedInstances: [string, Inputs, RegExp][] = [
        ["user-data over 16 KiB", { userData: tooLong.toString() }, /limited to 16384 .* 16385/],
        ["the same as base64", { userDataBase64: tooLong.toString("base64") }, /16384 .* 16385/],
        ["user-data that is no base64", { userDataBase64: "#cloud" }, /Invalid BASE64/],
        ["an address outside of its subnet", { privateIp: "10.132.1.10" }, /not fall within/],
        ["the fourth address of its subnet", { privateIp: "10.132.0.3" }, /reserved address range/],
        ["the last address of its subnet", { privateIp: "10.132.0.255" }, /reserved address/],
        ["an address in use", { privateIp: "10.132.0.11" }, /InvalidIPAddress\.InUse/],
        ["an unknown type", { instanceType: "t3.tiny" }, /Invalid value 't3\.tiny'/],
        ["an unknown AMI", { ami: "ami-0" }, /InvalidAMIID\.NotFound/],
        [
            "an AMI of another processor",
            { instanceType: "t4g.small" },
            /'arm64' of the specified i/,
        ],
        ["an unknown subnet", { subnetId: "subnet-0" }, /InvalidSubnetID\.NotFound/],
        ["an unknown key", { keyName: "other" }, /InvalidKeyPair\.NotFound/],
        ["an unknown group", { vpcSecurityGroupIds: ["sg-0"] }, /InvalidGroup\.NotFound/],
        ["an unknown profile", { iamInstanceProfile: "none" }, /Invalid IAM Instance Profile name/],
        ["no hops", { metadataOptions: { httpPutResponseHopLimit: 0 } }, /not 1 to 64/],
    ];
    for (const [what, inputs, expected] of refusedInstances) {
        test(`refuses an instance with ${what}`, async () => {
            await assert.rejects(create("ec2/instance", instance(inputs)), { message: expected });
            assert.equal((await account.list("instances")).length, 3);
        });
    }

    const refused: [string, string, () => Inputs, RegExp][] = [
        ["a VPC of /8", "ec2/vpc", () => ({ cidrBlock: "10.0.0.0/8" }), /InvalidVpc\.Range/],
        [
            "a subnet in an unknown zone",
            "ec2/subnet",
            () => ({ vpcId, cidrBlock: "10.132.2.0/24", availabilityZone: `${region}z` }),
            /following availability zones: \S+a, \S+b/,
        ],
        [
            "a subnet outside of its VPC",
            "ec2/subnet",
            () => ({ vpcId, cidrBlock: "10.133.0.0/24" }),
            /InvalidSubnet\.Range/,
        ],
        [
            "a subnet over another",
            "ec2/subnet",
            () => ({ vpcId, cidrBlock: "10.132.0.128/25" }),
            /InvalidSubnet\.Conflict/,
        ],
        [
            "a route to nowhere",
            "ec2/routeTable",
            () => ({ vpcId, routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-0" }] }),
            /InvalidGatewayID/,
        ],
        ["a key twice", "ec2/keyPair", () => ({ keyName: "demo", publicKey }), /Duplicate/],
        [
            "a key that is none",
            "ec2/keyPair",
            () => ({ keyName: "b", publicKey: "ecdsa AAAA" }),
            /InvalidKey\.Format/,
        ],
        [
            "a rule with ports for all protocols",
            "ec2/securityGroup",
            () => ({ vpcId, ingress: [{ protocol: "-1", fromPort: 22, toPort: 22 }] }),
            /Invalid port range/,
        ],
        [
            "a rule for a bare address",
            "ec2/securityGroup",
            () => ({
                vpcId,
                ingress: [{ protocol: "tcp", fromPort: 1, toPort: 2, cidrBlocks: ["203.0.113.7"] }],
            }),
            /CIDR block 203\.0\.113\.7 is malformed/,
        ],
        [
            "a volume of no size",
            "ebs/volume",
            () => ({ availabilityZone: `${region}a`, size: 0 }),
            /1 to 16384GiB/,
        ],
        [
            "a profile of an unknown role",
            "iam/instanceProfile",
            () => ({ name: "p", role: "none" }),
            /NoSuchEntity/,
        ],
        [
            "a policy of an unknown role",
            "iam/rolePolicyAttachment",
            () => ({ role: "none", policyArn }),
            /NoSuchEntity/,
        ],
        [
            "a load balancer with a long name",
            "lb/loadBalancer",
            () => ({ name: "a".repeat(33), loadBalancerType: "network", subnets: [subnetId] }),
            /1 to 32 letters/,
        ],
        [
            "a load balancer twice in a zone",
            "lb/loadBalancer",
            () => ({ name: "b", loadBalancerType: "network", subnets: [subnetId, subnetId] }),
            /same Availability Zone/,
        ],
        [
            "a target of another VPC",
            "lb/targetGroupAttachment",
            () => ({ targetGroupArn: "arn:0", targetId: "i-1" }),
            /InvalidTarget/,
        ],
    ];
    for (const [what, type, inputs, expected] of refused) {
        test(`refuses ${what}`, async () => {
            await assert.rejects(create(type, inputs()), { message: expected });
        });
    }

    test("attaches a volume to one instance, in its zone, and keeps it while it is attached", async () => {
        const size = { availabilityZone: `${region}a`, size: 10, type: "gp3" };
        const { id: volumeId, outs } = await create("ebs/volume", size);
        const attach = (instanceId: string) =>
            create("ec2/volumeAttachment", { deviceName: "/dev/sdf", volumeId, instanceId });
        await assert.rejects(attach("i-3"), { message: /InvalidVolume\.ZoneMismatch/ });
        await assert.rejects(attach("i-9"), { message: /InvalidInstanceID\.NotFound/ });
        const attachment = await attach("i-1");
        await assert.rejects(attach("i-2"), { message: /VolumeInUse: .* already attached/ });
        await assert.rejects(remove("ebs/volume", volumeId), { message: /attached to i-1/ });
        const shrink = async () =>
            cloud.update?.(volumeId, urn("ebs/volume"), outs, { ...outs, size: 5 });
        await assert.rejects(shrink, { message: /cannot be smaller/ });
        const type = urn("ec2/volumeAttachment");
        await cloud.delete?.(attachment.id, type, attachment.outs);
        await attach("i-2");
    });

    test("deletes no network, subnet or role that something uses", async () => {
        await assert.rejects(remove("ec2/vpc", vpcId), { message: /DependencyViolation/ });
        await assert.rejects(remove("ec2/subnet", subnetId), { message: /DependencyViolation/ });
        const role = await create("iam/role", { name: "web", assumeRolePolicy: "{}" });
        await create("iam/rolePolicyAttachment", { role: "web", policyArn });
        await assert.rejects(remove("iam/role", role.id), { message: /DeleteConflict/ });
    });

    test("replaces an instance for its image, and for its user-data where it is told to", async () => {
        const before = instance({ userDataBase64: "b25l", instanceType: "t3.small" });
        const diff = async (change: Inputs) =>
            cloud.diff?.("i-1", urn("ec2/instance"), before, { ...before, ...change });
        assert.deepEqual(await diff({}), { changes: false, replaces: [] });
        const text = { userDataBase64: "dHdv" };
        assert.deepEqual(await diff(text), { changes: true, replaces: [] });
        const replaced = await diff({ ...text, userDataReplaceOnChange: true });
        assert.deepEqual(replaced?.replaces, ["userDataBase64"]);
        assert.deepEqual((await diff({ ami: ami["arm64"] }))?.replaces, ["ami"]);
        assert.deepEqual((await diff({ privateIp: "10.132.0.20" }))?.replaces, ["privateIp"]);
        assert.deepEqual(await diff({ instanceType: "t3.large" }), { changes: true, replaces: [] });
    });

    test("looks a release up by its name and processor: one, never the newest of several", async () => {
        assert.notEqual(ami["x86_64"], ami["arm64"]);
        const several = lookUp("ec2/getAmi:getAmi", release("arm64", "*"));
        await assert.rejects(several, { message: /more than one result/ });
        const none = lookUp("ec2/getAmi:getAmi", release("arm64", "4593.2.50"));
        await assert.rejects(none, { message: /no results/ });
    });

    test("tells in which zones an instance type is, and nothing of one that there is not", async () => {
        const values = ["t3.small", "t3.tiny"];
        const found = await lookUp("ec2/getInstanceTypeOfferings:getInstanceTypeOfferings", {
            locationType: "availability-zone",
            filters: [{ name: "instance-type", values }],
        });
        assert.deepEqual(found["instanceTypes"], ["t3.small", "t3.small", "t3.small"]);
        assert.deepEqual(
            found["locations"],
            ["a", "b", "c"].map((letter) => region + letter),
        );
    });

    test("refuses what a test has it refuse, until it is told otherwise", async () => {
        await account.refuse("aws:ec2/getVpc:getVpc", "RequestExpired: no");
        await account.refuse("aws:ec2/vpc:Vpc", "VpcLimitExceeded: no");
        const asked = lookUp("ec2/getVpc:getVpc", { id: vpcId });
        await assert.rejects(asked, { message: "RequestExpired: no" });
        const made = create("ec2/vpc", { cidrBlock: "10.140.0.0/20" });
        await assert.rejects(made, { message: "VpcLimitExceeded: no" });
        await account.refuse("aws:ec2/getVpc:getVpc");
        assert.equal((await lookUp("ec2/getVpc:getVpc", { id: vpcId }))["id"], vpcId);
    });

    test("looks up zones, subnets and networks", async () => {
        const { names } = await lookUp("index/getAvailabilityZones:getAvailabilityZones", {});
        assert.deepEqual(names, [`${region}a`, `${region}b`, `${region}c`]);
        const { ids } = await lookUp("ec2/getSubnets:getSubnets", {
            filters: [{ name: "vpc-id", values: [vpcId] }],
        });
        assert.deepEqual(ids, [subnetId, otherSubnet]);
        const { cidrBlock } = await lookUp("ec2/getSubnet:getSubnet", { id: subnetId });
        assert.equal(cidrBlock, "10.132.0.0/24");
        const missing = lookUp("ec2/getVpc:getVpc", { id: "vpc-0" });
        await assert.rejects(missing, { message: /no matching EC2 VPC/ });
    });
});
