import type { Account } from "../account.js";
import { applyRuleset, chain } from "../ruleset.js";
import type { InstanceRecord } from "./instance-record.js";
import type { SecurityGroupRecord, SecurityRule } from "./security-group-record.js";

/** A SYN without ACK opens a TCP connection; what is not one is let through. */
const OPENS = "tcp flags & (syn | ack) == syn";

/**
 * Brings this host's packet filter to what the account's security groups say: an instance takes the TCP connections
 * that one of its groups lets in. What this host itself opens comes from its own address in the instance's network. UDP,
 * ICMP, IPv6 and outbound rules are on record alone.
 */
export async function enforceSecurityGroups(account: Account): Promise<void> {
    await account.alone(async () => {
        const instances = await account.list<InstanceRecord>("instances");
        const groups = await account.list<SecurityGroupRecord>("security-groups");
        await applyRuleset(account, "bridge", groupChains(instances, groups));
    });
}

/** The chains of the table; `undefined` where there is nothing to filter. */
export function groupChains(
    instances: readonly InstanceRecord[],
    groups: readonly SecurityGroupRecord[],
): string[] | undefined {
    if (instances.length === 0) {
        return undefined;
    }
    const chainOf = ({ id }: InstanceRecord) => `instance_${id.replaceAll("-", "_")}`;
    const hook = (name: string) => [
        `type filter hook ${name} priority 0; policy accept;`,
        ...instances.map(
            (instance) =>
                `ip daddr { ${addressesOf(instance).join(", ")} } ${OPENS} jump ${chainOf(instance)}`,
        ),
    ];
    return [
        ...instances.map((instance) => {
            const own = groups.filter(({ id }) => instance.vpcSecurityGroupIds?.includes(id));
            const rules = own.flatMap(({ id, ingress = [] }) =>
                ingress.flatMap((rule) => accepted(rule, id, instances)),
            );
            return chain(chainOf(instance), [...rules, "drop"]);
        }),
        chain("between_instances", hook("forward")),
        chain("from_host", hook("output")),
    ];
}

function accepted(rule: SecurityRule, own: string, instances: readonly InstanceRecord[]): string[] {
    const { protocol, fromPort, toPort, cidrBlocks = [], securityGroups = [], self } = rule;
    if (protocol !== "tcp" && protocol !== "-1") {
        return [];
    }
    const ports = protocol === "-1" ? "0-65535" : `${fromPort}-${toPort}`;
    const sources = [...securityGroups, ...(self === true ? [own] : [])];
    const members = instances.filter(({ vpcSecurityGroupIds = [] }) =>
        sources.some((group) => vpcSecurityGroupIds.includes(group)),
    );
    const addresses = [...cidrBlocks, ...members.flatMap(addressesOf)];
    if (addresses.includes("0.0.0.0/0")) {
        return [`tcp dport ${ports} accept`];
    }
    // One line each: nftables refuses a set in which one network holds another.
    return addresses.map((address) => `ip saddr ${address} tcp dport ${ports} accept`);
}

function addressesOf({ privateIp, publicIp }: InstanceRecord): string[] {
    return publicIp === "" ? [privateIp] : [privateIp, publicIp];
}
