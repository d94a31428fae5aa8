import { CommandError, run } from "./command.js";

/** What a network's firewall is made from. */
export interface FirewallRules {
    readonly bridge: string;
    /** `10.80.0.0/24`, and what else is on the bridge. */
    readonly subnets: readonly string[];
    /** Interfaces through which machines may reach the world. */
    readonly uplinks: readonly string[];
}

/** Name of a bridge's table. */
export function tableName(bridge: string): string {
    return `pulumi_coreos_${bridge}`;
}

/**
 * The ruleset of a network, for `nft -f`: machines reach each other and the world, not the host and not
 * its other networks; only the host reaches the machines.
 */
export function firewallRuleset({ bridge, subnets, uplinks }: FirewallRules): string {
    const table = `inet ${tableName(bridge)}`;
    const links = uplinks.map((uplink) => `"${uplink}"`).join(", ");
    const out =
        uplinks.length === 0 ? "" : `iifname "${bridge}" oifname { ${links} } accept\n        `;
    const masquerade =
        uplinks.length === 0
            ? ""
            : `
    chain outbound {
        type nat hook postrouting priority srcnat; policy accept;
        ip saddr { ${subnets.join(", ")} } oifname { ${links} } masquerade
    }`;
    return `table ${table}
delete table ${table}
table ${table} {
    chain to_host {
        type filter hook input priority filter; policy accept;
        iifname != "${bridge}" accept
        ct state established,related accept
        meta l4proto { icmp, ipv6-icmp } accept
        reject with icmpx admin-prohibited
    }
    chain through_host {
        type filter hook forward priority filter; policy accept;
        iifname "${bridge}" oifname "${bridge}" accept
        ${out}iifname "${bridge}" reject with icmpx admin-prohibited
        oifname "${bridge}" ct state established,related accept
        oifname "${bridge}" drop
    }${masquerade}
}
`;
}

/** Puts a network's firewall in place, as one step. */
export async function raiseFirewall(rules: FirewallRules): Promise<void> {
    await run("nft", ["-f", "-"], { input: firewallRuleset(rules) });
}

/** Takes a network's firewall away, if it is there. */
export async function removeFirewall(bridge: string): Promise<void> {
    try {
        await run("nft", ["delete", "table", "inet", tableName(bridge)]);
    } catch (cause) {
        if (!(cause instanceof CommandError && /No such file/.test(cause.output))) {
            throw cause;
        }
    }
}
