import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PROVIDERS, resourceType } from "../../lib/providers/tokens.js";
import { ofType, type Planned, StackPreview } from "./support/stack-preview.js";

let stack: StackPreview;

before(async () => {
    stack = await StackPreview.create("digitalocean");
});

after(() => stack.dispose());

const inputsOf = (planned: readonly Planned[], type: string) =>
    ofType(planned, `digitalocean:index/${type}`).map(({ newState }) => newState?.inputs ?? {});

test("this repository's stack on DigitalOcean, as it is", async () => {
    const planned = await stack.planned();
    const droplets = inputsOf(planned, "droplet:Droplet");
    assert.deepEqual(
        droplets.map(({ name, region, size }) => [name, region, size]),
        ["demo-1", "demo-2", "demo-3", "demo-web-1", "demo-web-2"].map((name) => [
            name,
            "sgp1",
            "s-1vcpu-2gb",
        ]),
    );
    assert.deepEqual(
        inputsOf(planned, "volume:Volume").map(({ size }) => size),
        [8, 8, 8],
    );
    const [image] = inputsOf(planned, "customImage:CustomImage");
    assert.match(String(image?.["url"]), /\/4593\.2\.5\//);
    assert.equal(ofType(planned, resourceType(PROVIDERS.discoveryToken)).length, 0);
    assert.equal(inputsOf(planned, "loadBalancer:LoadBalancer").length, 0);
});

test("with its settings", async () => {
    const settings = { region: "fra1", size: "s-2vcpu-4gb", flatcar: "4593.2.4", etcdVolume: "2" };
    const counts = { members: "1", workers: "1", loadBalancer: "true", reservedAddresses: "true" };
    const discovery = "http://192.0.2.1:2379/v2/keys/own";
    await stack.set({ ...settings, ...counts, discovery, sshFrom: '["192.0.2.7"]' });
    const planned = await stack.planned();
    const droplets = inputsOf(planned, "droplet:Droplet");
    assert.deepEqual(
        droplets.map(({ name, region, size }) => [name, region, size]),
        ["demo-1", "demo-web-1"].map((name) => [name, "fra1", "s-2vcpu-4gb"]),
    );
    assert.deepEqual(
        inputsOf(planned, "volume:Volume").map(({ size }) => size),
        [2],
    );
    const [image] = inputsOf(planned, "customImage:CustomImage");
    assert.match(String(image?.["url"]), /\/4593\.2\.4\//);
    const [token] = ofType(planned, resourceType(PROVIDERS.discoveryToken));
    assert.equal(token?.newState?.inputs["endpoint"], discovery);
    assert.equal(inputsOf(planned, "loadBalancer:LoadBalancer").length, 1);
    assert.equal(inputsOf(planned, "reservedIp:ReservedIp").length, 1);
    const ssh = inputsOf(planned, "firewall:Firewall").flatMap(({ inboundRules }) =>
        [inboundRules].flat().filter((rule) => Object(rule).portRange === "22"),
    );
    assert.deepEqual(
        ssh.map((rule) => Object(rule).sourceAddresses),
        [["192.0.2.7"]],
    );
});
