import type { Account } from "../account.js";
import { applyRuleset, chain } from "../ruleset.js";
import type { InstanceRecord } from "./instance-record.js";
import type { ListenerRecord, LoadBalancerRecord, TargetRecord } from "./load-balancer-record.js";
import { enforceSecurityGroups } from "./packet-filter.js";

/** Brings this host to what the account's instances, security groups and load balancers say. */
export async function enforceNetwork(account: Account): Promise<void> {
    await enforceSecurityGroups(account);
    await account.alone(async () => {
        const balancers = await account.list<LoadBalancerRecord>("load-balancers");
        const listeners = await account.list<ListenerRecord>("listeners");
        const targets = await account.list<TargetRecord>("targets");
        const instances = await account.list<InstanceRecord>("instances");
        const rules = listeners.flatMap((listener) => {
            const balancer = balancers.find(({ id }) => id === listener.loadBalancerArn);
            return balancer === undefined
                ? []
                : listenerRule(balancer, listener, targets, instances);
        });
        const chains = [
            chain("from_host", ["type nat hook output priority -100; policy accept;", ...rules]),
        ];
        await applyRuleset(account, "ip", rules.length === 0 ? undefined : chains);
    });
}

/** Sends what this host opens to a listener on to its targets in turn; no health check is made. */
function listenerRule(
    { address }: LoadBalancerRecord,
    { port, defaultActions }: ListenerRecord,
    targets: readonly TargetRecord[],
    instances: readonly InstanceRecord[],
): string[] {
    const groups = defaultActions.map(({ targetGroupArn }) => targetGroupArn);
    const backends = targets
        .filter(({ targetGroupArn }) => groups.includes(targetGroupArn))
        .flatMap((target) => {
            const found = instances.find(({ id }) => id === target.targetId);
            return found === undefined ? [] : [`${found.privateIp} . ${target.port ?? port}`];
        });
    if (backends.length === 0) {
        return [];
    }
    const map = backends.map((backend, index) => `${index} : ${backend}`).join(", ");
    const turn = `numgen inc mod ${backends.length} map { ${map} }`;
    return [`ip daddr ${address} tcp dport ${port} dnat ip addr . port to ${turn}`];
}
