/**
 * What stands in users' state and in their programs' imports, word for word. A change here makes
 * their next `pulumi up` replace resources, or their imports fail: it needs a new major version.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { packageRoot } from "../../lib/cli/project.js";
import { Cluster, Service } from "../../lib/index.js";
import { Local } from "../../lib/platforms/local/index.js";
import { handler } from "../../lib/providers/index.js";
import { OPERATION_INPUT, PROVIDERS } from "../../lib/providers/tokens.js";
import { ServiceSecrets } from "../../lib/service-secrets.js";

const sources: string[] = [];
const urns: string[] = [];

before(async () => {
    // Pulumi's own stand-in for its engine: only names, types and inputs are looked at.
    const mocks: pulumi.runtime.Mocks = {
        newResource: ({ name, inputs }) => {
            const source: unknown = inputs["__provider"];
            if (typeof source === "string") {
                sources.push(source);
            }
            return { id: name, state: inputs };
        },
        call: ({ inputs }) => inputs,
    };
    await pulumi.runtime.setMocks(mocks, "project", "stack", true);
    const resources: pulumi.Resource[] = [];
    const collect: pulumi.ResourceTransformation = ({ resource }) => {
        resources.push(resource);
        return undefined;
    };
    const opts = { transformations: [collect] };
    const cluster = new Cluster(
        "demo",
        {
            platform: new Local("local", {}, opts),
            members: { count: 3, rollout: "replace" },
            workers: { web: { count: 1 } },
            bootstrap: { discovery: "http://127.0.0.1:9/v2/keys/discovery/a" },
        },
        opts,
    );
    const unit = { Service: { ExecStart: "/bin/true" } };
    new Service("hello", { cluster, unit, instances: 1 }, opts);
    const files = { password: "a" };
    new ServiceSecrets("hello-secrets", { service: "hello", cluster, files }, opts);
    for (const { urn } of resources) {
        urns.push(await new Promise<string>((resolve) => urn.apply(resolve)));
    }
});

test("the URN of every resource: type tokens, child names, and which is whose child", () => {
    const cluster = "urn:pulumi:stack::project::pulumi-coreos:index:Cluster";
    const platform = "urn:pulumi:stack::project::pulumi-coreos:local:Local";
    const secrets = "urn:pulumi:stack::project::pulumi-nodejs:dynamic/coreos:ServiceSecrets";
    assert.deepEqual([...urns].sort(), [
        `${cluster}$pulumi-coreos:index:UserData::demo-members`,
        `${cluster}$pulumi-coreos:index:UserData::demo-web`,
        `${cluster}$pulumi-nodejs:dynamic/coreos:DiscoveryToken::demo-discovery`,
        `${cluster}$pulumi-nodejs:dynamic/coreos:LocalMachine::demo-1`,
        `${cluster}$pulumi-nodejs:dynamic/coreos:LocalMachine::demo-2`,
        `${cluster}$pulumi-nodejs:dynamic/coreos:LocalMachine::demo-3`,
        `${cluster}$pulumi-nodejs:dynamic/coreos:LocalMachine::demo-web-1`,
        `${cluster}$pulumi-nodejs:dynamic/coreos:LocalNetwork::demo-network`,
        `${cluster}$pulumi-nodejs:dynamic/coreos:MemberRoll::demo-1-member`,
        `${cluster}$pulumi-nodejs:dynamic/coreos:MemberRoll::demo-2-member`,
        `${cluster}$pulumi-nodejs:dynamic/coreos:MemberRoll::demo-3-member`,
        `${cluster}$pulumi-nodejs:dynamic/coreos:MemberRoll::demo-members`,
        `${cluster}$pulumi-nodejs:dynamic/coreos:Readiness::demo-ready`,
        `${cluster}$pulumi-nodejs:dynamic/coreos:SshKey::demo-key`,
        `${cluster}::demo`,
        `${platform}$pulumi-nodejs:dynamic/coreos:LocalImage::local-image`,
        `${platform}::local`,
        "urn:pulumi:stack::project::pulumi-nodejs:dynamic/coreos:Service::hello",
        `${secrets}$pulumi-nodejs:dynamic/coreos:SecretKey::hello-secrets-key`,
        `${secrets}::hello-secrets`,
    ]);
});

test("the provider text that Pulumi keeps in the state", () => {
    const text = (name: string) =>
        `exports.handler = () => require("pulumi-coreos/providers").handler("${name}");`;
    assert.deepEqual([...new Set(sources)].sort(), [
        text("DiscoveryToken"),
        text("LocalImage"),
        text("LocalMachine"),
        text("LocalNetwork"),
        text("MemberRoll"),
        text("Readiness"),
        text("SecretKey"),
        text("Service"),
        text("ServiceSecrets"),
        text("SshKey"),
    ]);
    assert.equal(OPERATION_INPUT, "operation");
});

test("the names of the providers, each of which has a handler", async () => {
    assert.deepEqual(PROVIDERS, {
        sshKey: "SshKey",
        readiness: "Readiness",
        groupUnits: "GroupUnits",
        memberRoll: "MemberRoll",
        secretKey: "SecretKey",
        service: "Service",
        discoveryToken: "DiscoveryToken",
        serviceSecrets: "ServiceSecrets",
        localImage: "LocalImage",
        localNetwork: "LocalNetwork",
        localMachine: "LocalMachine",
    });
    for (const name of Object.values(PROVIDERS)) {
        const { inputs } = await handler(name).check({}, { unit: "" });
        assert.deepEqual(inputs, { unit: "" });
    }
    assert.throws(
        () => handler("Droplet"),
        /^Error: this version of pulumi-coreos has no provider "Droplet"; install the version that/,
    );
});

test("the subpaths that can be imported, each of which is there", () => {
    const file = readFileSync(join(packageRoot, "package.json"), "utf8");
    const { exports } = JSON.parse(file) as { exports: Record<string, unknown> };
    const subpaths = [
        ".",
        "./local",
        "./digitalocean",
        "./aws",
        "./testing",
        "./systemd",
        "./cloud-config",
        "./fleet",
        "./providers",
        "./package.json",
    ];
    assert.deepEqual(Object.keys(exports), subpaths);
    for (const subpath of subpaths) {
        assert.ok(require(join("pulumi-coreos", subpath)), subpath);
    }
});
