import { CommandError, run } from "./command.js";

/** What is let through the host's own filter. */
export interface Forwarding {
    readonly bridge: string;
    /** Interfaces through which machines may reach the world. */
    readonly uplinks: readonly string[];
}

/** The chain that Docker keeps for rules that are not its own, and looks at first. */
const DOCKER_USER = "DOCKER-USER";

/**
 * The rules that a network needs in the host's filter table, as iptables(8) takes them, first one first. None where the
 * host forwards what nobody refuses.
 *
 * @param filter what `iptables --list-rules` says
 */
export function forwardingRules(filter: string, { bridge, uplinks }: Forwarding): string[][] {
    const lines = filter.split("\n").map((line) => line.trim());
    const refuses = lines.some((line) =>
        /^-P FORWARD DROP$|^-A FORWARD -j (DROP|REJECT)/.test(line),
    );
    if (!refuses) {
        return [];
    }
    const chain = lines.includes(`-N ${DOCKER_USER}`) ? DOCKER_USER : "FORWARD";
    const accept = ["-j", "ACCEPT"];
    return [
        [chain, "-i", bridge, "-o", bridge, ...accept],
        ...uplinks.map((uplink) => [chain, "-i", bridge, "-o", uplink, ...accept]),
        [chain, "-o", bridge, "-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED", ...accept],
    ];
}

/** The rules of a bridge that stand in the filter table, each without what it begins with. */
export function standingRules(filter: string, bridge: string): string[][] {
    return filter
        .split("\n")
        .map((line) => line.trim().split(/\s+/))
        .filter(([command]) => command === "-A")
        .map(([, ...rule]) => rule)
        .filter((rule) =>
            rule.some((word, index) => word === bridge && /^-[io]$/.test(rule[index - 1] ?? "")),
        );
}

/**
 * Lets a network through where the host drops what it forwards, as hosts with Docker or ufw do. There even machines
 * on one bridge don't reach each other once the kernel shows bridged packets to iptables (`br_netfilter`).
 */
export async function allowForwarding(forwarding: Forwarding): Promise<void> {
    const filter = await filterTable();
    const standing = standingRules(filter, forwarding.bridge).map((rule) => rule.join(" "));
    const wanted = forwardingRules(filter, forwarding);
    for (const [chain = "", ...rule] of wanted.reverse()) {
        // iptables shows a list of states in an order of its own.
        if (!standing.some((one) => one.startsWith(`${chain} ${rule.slice(0, 4).join(" ")}`))) {
            await run("iptables", ["--wait", "--insert", chain, ...rule]);
        }
    }
}

/** Takes away what {@link allowForwarding} put there. */
export async function forbidForwarding(bridge: string): Promise<void> {
    for (const rule of standingRules(await filterTable(), bridge)) {
        await run("iptables", ["--wait", "--delete", ...rule]);
    }
}

/** Empty where the host has no iptables, or may not use it: then nothing of it can be in the way. */
async function filterTable(): Promise<string> {
    try {
        return await run("iptables", ["--wait", "--list-rules"]);
    } catch (cause) {
        if (cause instanceof CommandError) {
            return "";
        }
        throw cause;
    }
}
