import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { provider } from "@pulumi/pulumi";
import { aws } from "../../lib/testing/aws/program.js";
import { SimulatedCloud } from "../../lib/testing/index.js";
import { simulatedProvider } from "../../lib/testing/provider.js";
import { sshWithKey } from "./ssh.js";

const skip = process.getuid?.() === 0 ? false : "needs root";
type Inputs = Record<string, unknown>;

/** An instance without an engine: what it is told, what a change of its user-data does, who reaches it. */
describe("an instance of the simulated AWS", { skip }, () => {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-coreos-instances-"));
    let simulated: SimulatedCloud;
    let cloud: provider.Provider;
    let groupId = "";
    let inputs: Inputs;
    let made: Inputs;

    const urn = (type: string) =>
        `urn:pulumi:t::t::aws:${type}:${type.split("/")[1]?.replace(/^./, (c) => c.toUpperCase())}::it`;
    const create = async (type: string, asked: Inputs): Promise<Inputs> => {
        const checked = await cloud.check?.(urn(type), {}, asked);
        const answer = await cloud.create?.(urn(type), checked?.inputs);
        return { ...answer?.outs, id: answer?.id };
    };
    const text = (what: string) =>
        `#cloud-config\nwrite_files:\n  - path: /etc/told\n    content: ${what} $private_ipv4\n`;
    const packed = (what: string) => gzipSync(text(what)).toString("base64");
    const { publicKey, ssh } = sshWithKey(folder);
    const told = (what: string) =>
        ssh(made["publicIp"], `until grep -s ${what} /etc/told; do sleep 0.1; done`);
    const ingress = (cidr: string) => [
        { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: [cidr] },
    ];

    before(async () => {
        simulated = await SimulatedCloud.open("aws", join(folder, "account"));
        cloud = simulatedProvider(aws, simulated.account);
        const vpc = await create("ec2/vpc", { cidrBlock: "10.133.16.0/24" });
        const subnet = await create("ec2/subnet", {
            vpcId: vpc["id"],
            cidrBlock: "10.133.16.64/26",
            mapPublicIpOnLaunch: true,
        });
        const group = { name: "open", vpcId: vpc["id"], ingress: ingress("0.0.0.0/0") };
        groupId = String((await create("ec2/securityGroup", group))["id"]);
        await create("ec2/keyPair", { keyName: "mine", publicKey });
        const filters = [
            { name: "name", values: ["Flatcar-stable-4593.2.5-hvm"] },
            { name: "architecture", values: ["x86_64"] },
        ];
        const ami = await cloud.invoke?.("aws:ec2/getAmi:getAmi", { filters });
        inputs = {
            ami: ami?.outputs.id,
            instanceType: "t3.small",
            subnetId: subnet["id"],
            vpcSecurityGroupIds: [groupId],
            keyName: "mine",
            userDataBase64: packed("first"),
        };
        made = await create("ec2/instance", inputs);
    });

    after(async () => {
        await simulated.sweep();
        rmSync(folder, { recursive: true, force: true });
    });

    test("it has the first free address, EC2's name for it, the key and the user-data, unpacked", () => {
        assert.equal(made["privateIp"], "10.133.16.68");
        assert.equal(ssh(made["publicIp"], "hostname"), "ip-10-133-16-68");
        assert.equal(told("first"), "first 10.133.16.68");
    });

    test("another user-data stops it and starts it again, on its own disk", async () => {
        ssh(made["publicIp"], "sudo touch /etc/kept; sudo rm /etc/told");
        const changed = { ...inputs, userDataBase64: packed("second") };
        const answer = await cloud.update?.(String(made["id"]), urn("ec2/instance"), made, changed);
        assert.equal(answer?.outs["userDataBase64"], changed.userDataBase64);
        assert.equal(told("second"), "second 10.133.16.68");
        assert.equal(ssh(made["publicIp"], "ls /etc/kept"), "/etc/kept");
    });

    test("a security group that lets SSH in from elsewhere alone shuts this host out", async () => {
        const group = await simulated.account.get("security-groups", groupId);
        const shut = { ...group, ingress: ingress("203.0.113.0/24") };
        await cloud.update?.(groupId, urn("ec2/securityGroup"), group, shut);
        assert.throws(() => ssh(made["publicIp"], "true"), /timed out/);
        await cloud.update?.(groupId, urn("ec2/securityGroup"), shut, group);
        assert.equal(ssh(made["privateIp"], "whoami"), "core");
    });

    test("its address is in use until it is gone", async () => {
        const again = create("ec2/instance", { ...inputs, privateIp: "10.133.16.68" });
        await assert.rejects(again, { message: /InvalidIPAddress\.InUse/ });
        await cloud.delete?.(String(made["id"]), urn("ec2/instance"), made);
        assert.deepEqual(await simulated.list("instances"), []);
        assert.throws(() => ssh(made["privateIp"], "true"));
        await simulated.sweep();
        assert.ok(!existsSync(join(folder, "account")));
    });
});
