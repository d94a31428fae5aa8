import type { Account } from "../account.js";
import { applyRuleset, chain } from "../ruleset.js";
import type { DropletRecord } from "./droplet-record.js";
import type { LoadBalancerRecord } from "./load-balancer-record.js";
import type { ReservedIpRecord } from "./reserved-ip-record.js";

/**
 * Sends what this host opens to reserved addresses and load balancers on to droplets, to those of a load balancer in
 * turn. Droplets themselves don't reach these addresses, and no health check is made.
 */
export async function forwardAddresses(account: Account): Promise<void> {
    await account.alone(async () => {
        const droplets = await account.list<DropletRecord>("droplets");
        const reserved = await account.list<ReservedIpRecord>("reserved-ips");
        const balancers = await account.list<LoadBalancerRecord>("load-balancers");
        const rules = [
            ...reserved.flatMap((address) => reservedRule(address, droplets)),
            ...balancers.flatMap((balancer) => balancerRules(balancer, droplets)),
        ];
        const chains = [
            chain("from_host", ["type nat hook output priority -100; policy accept;", ...rules]),
        ];
        await applyRuleset(account, "ip", rules.length === 0 ? undefined : chains);
    });
}

function reservedRule(
    { ipAddress, dropletId }: ReservedIpRecord,
    droplets: readonly DropletRecord[],
): string[] {
    const found = droplets.find(({ id }) => id === String(dropletId));
    return found === undefined ? [] : [`ip daddr ${ipAddress} dnat to ${found.ipv4Address}`];
}

function balancerRules(balancer: LoadBalancerRecord, droplets: readonly DropletRecord[]): string[] {
    const { ip, dropletTag, dropletIds = [], forwardingRules } = balancer;
    const backends = droplets.filter(
        ({ id, tags = [] }) =>
            dropletIds.includes(Number(id)) ||
            (dropletTag !== undefined && tags.includes(dropletTag)),
    );
    if (backends.length === 0) {
        return [];
    }
    return forwardingRules.map(({ entryPort, targetPort }) => {
        const targets = backends.map(
            ({ ipv4AddressPrivate }, index) => `${index} : ${ipv4AddressPrivate} . ${targetPort}`,
        );
        const turn = `numgen inc mod ${backends.length} map { ${targets.join(", ")} }`;
        return `ip daddr ${ip} tcp dport ${entryPort} dnat ip addr . port to ${turn}`;
    });
}
