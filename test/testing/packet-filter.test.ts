import assert from "node:assert/strict";
import { test } from "node:test";
import type { DropletRecord } from "../../lib/testing/digitalocean/droplet-record.js";
import type { InboundRule } from "../../lib/testing/digitalocean/firewall-record.js";
import { firewallChains } from "../../lib/testing/digitalocean/packet-filter.js";

function droplet(id: number, tags: readonly string[]): DropletRecord {
    return {
        id: String(id),
        name: `d${id}`,
        image: "1",
        region: "sgp1",
        size: "s-1vcpu-1gb",
        vpcUuid: "vpc",
        tags,
        ipv4Address: `198.18.0.${id}`,
        ipv4AddressPrivate: `10.0.0.${id}`,
    };
}

const droplets = [droplet(2, ["a"]), droplet(3, ["a", "b"]), droplet(4, [])];

/** What the chain of droplet 2 lets in, by a firewall of the tag `a` with these rules. */
function lines(...inboundRules: InboundRule[]): string[] {
    const firewall = { id: "f", name: "f", tags: ["a"], inboundRules };
    const [first = ""] = firewallChains(droplets, [firewall]) ?? [];
    assert.match(first, /^ {4}chain droplet_2 \{/);
    const own = first.split("\n").slice(1, -1);
    return own.map((line) => line.trim());
}

test("a droplet that no firewall names takes everything", () => {
    assert.equal(firewallChains(droplets, []), undefined);
    const elsewhere = { id: "f", name: "f", tags: ["c"], dropletIds: [9] };
    assert.equal(firewallChains(droplets, [elsewhere]), undefined);
    const text = firewallChains(droplets, [{ ...elsewhere, dropletIds: [4] }])?.join("\n") ?? "";
    assert.match(text, /198\.18\.0\.4, 10\.0\.0\.4/);
    assert.doesNotMatch(text, /10\.0\.0\.[23]/);
});

test("one that a firewall names takes what a rule lets in, and nothing else", () => {
    assert.deepEqual(lines(), ["drop"]);
    const everywhere = ["0.0.0.0/0", "::/0"];
    const port80 = { protocol: "tcp", portRange: "80", sourceAddresses: everywhere };
    assert.deepEqual(lines(port80), ["tcp dport 80 accept", "drop"]);
    const all = { protocol: "tcp", portRange: "all", sourceAddresses: ["203.0.113.0/24"] };
    assert.deepEqual(lines(all), ["ip saddr 203.0.113.0/24 tcp dport 0-65535 accept", "drop"]);
    assert.deepEqual(lines({ ...port80, protocol: "udp" }), ["drop"]);
});

test("tags and ids stand for the droplets' addresses, private and public", () => {
    const ports = { protocol: "tcp", portRange: "1-65535" };
    const from = (ids: number[]) =>
        ids.flatMap((id) =>
            [`198.18.0.${id}`, `10.0.0.${id}`].map(
                (address) => `ip saddr ${address} tcp dport 1-65535 accept`,
            ),
        );
    assert.deepEqual(lines({ ...ports, sourceTags: ["b"] }), [...from([3]), "drop"]);
    assert.deepEqual(lines({ ...ports, sourceTags: ["a"] }), [...from([2, 3]), "drop"]);
    assert.deepEqual(lines({ ...ports, sourceDropletIds: [4] }), [...from([4]), "drop"]);
});
