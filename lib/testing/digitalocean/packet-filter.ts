import { isIPv4 } from "node:net";
import type { Account } from "../account.js";
import { applyRuleset, chain } from "../ruleset.js";
import type { DropletRecord } from "./droplet-record.js";
import type { FirewallRecord, InboundRule } from "./firewall-record.js";

/** A SYN without ACK opens a TCP connection; what is not one is let through. */
const OPENS = "tcp flags & (syn | ack) == syn";

/**
 * Brings this host's packet filter to what the account's firewalls say. A droplet that no firewall names takes
 * everything; one that some do takes the TCP connections that one of them lets in. What this host itself opens comes
 * from its own address in the droplet's network. UDP, ICMP, IPv6 and outbound rules are on record alone.
 */
export async function enforceFirewalls(account: Account): Promise<void> {
    await account.alone(async () => {
        const droplets = await account.list<DropletRecord>("droplets");
        const firewalls = await account.list<FirewallRecord>("firewalls");
        await applyRuleset(account, "bridge", firewallChains(droplets, firewalls));
    });
}

/** The chains of the table; `undefined` where there is nothing to filter. */
export function firewallChains(
    droplets: readonly DropletRecord[],
    firewalls: readonly FirewallRecord[],
): string[] | undefined {
    const guarded = droplets.flatMap((droplet) => {
        const own = firewalls.filter((firewall) => isFor(firewall, droplet));
        return own.length === 0 ? [] : [{ droplet, own }];
    });
    if (guarded.length === 0) {
        return undefined;
    }
    const hook = (name: string) => [
        `type filter hook ${name} priority 0; policy accept;`,
        ...guarded.map(
            ({ droplet: { id, ipv4Address, ipv4AddressPrivate } }) =>
                `ip daddr { ${ipv4Address}, ${ipv4AddressPrivate} } ${OPENS} jump droplet_${id}`,
        ),
    ];
    return [
        ...guarded.map(({ droplet, own }) =>
            chain(`droplet_${droplet.id}`, [
                ...own
                    .flatMap(({ inboundRules = [] }) => inboundRules)
                    .flatMap((rule) => accepted(rule, droplets)),
                "drop",
            ]),
        ),
        chain("between_droplets", hook("forward")),
        chain("from_host", hook("output")),
    ];
}

function isFor({ dropletIds = [], tags = [] }: FirewallRecord, droplet: DropletRecord): boolean {
    return (
        dropletIds.includes(Number(droplet.id)) ||
        tags.some((tag) => (droplet.tags ?? []).includes(tag))
    );
}

function accepted(rule: InboundRule, droplets: readonly DropletRecord[]): string[] {
    if (rule.protocol !== "tcp") {
        return [];
    }
    const {
        portRange = "all",
        sourceAddresses = [],
        sourceTags = [],
        sourceDropletIds = [],
    } = rule;
    const ports = portRange === "all" || portRange === "0" ? "0-65535" : portRange;
    const sources = droplets.filter(
        ({ id, tags = [] }) =>
            sourceDropletIds.includes(Number(id)) || sourceTags.some((tag) => tags.includes(tag)),
    );
    const addresses = [
        ...sourceAddresses.filter((address) => isIPv4(address.split("/")[0] ?? "")),
        ...sources.flatMap((source) => [source.ipv4Address, source.ipv4AddressPrivate]),
    ];
    if (addresses.includes("0.0.0.0/0")) {
        return [`tcp dport ${ports} accept`];
    }
    // One line each: nftables refuses a set in which one network holds another.
    return addresses.map((address) => `ip saddr ${address} tcp dport ${ports} accept`);
}
