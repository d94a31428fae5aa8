import { randomUUID } from "node:crypto";
import { ApiError, type SimulatedResource } from "../simulated-resource.js";
import type { FirewallInputs, FirewallRecord } from "./firewall-record.js";
import { enforceFirewalls } from "./packet-filter.js";

const REQUEST = "POST /v2/firewalls";
const PROTOCOLS = ["tcp", "udp", "icmp"];

/** `digitalocean.Firewall`. What of it holds on this host says `packet-filter.ts`. */
export const firewall: SimulatedResource<FirewallInputs, FirewallRecord> = {
    kind: "firewalls",
    replacedBy: [],
    named: true,
    async create(inputs, account) {
        await requireFirewall(REQUEST, inputs, (tag) => account.get("tags", tag));
        const others = await account.list<FirewallRecord>("firewalls");
        if (others.some(({ name }) => name === inputs.name)) {
            throw new ApiError(REQUEST, 409, `A firewall named "${inputs.name}" already exists.`);
        }
        const outputs = { status: "succeeded", pendingChanges: [] };
        return { id: randomUUID(), outputs: { ...outputs, createdAt: new Date().toISOString() } };
    },
    async update(id, _state, inputs, account) {
        await requireFirewall(`PUT /v2/firewalls/${id}`, inputs, (tag) => account.get("tags", tag));
        return {};
    },
    changed: enforceFirewalls,
};

async function requireFirewall(
    request: string,
    inputs: FirewallInputs,
    findTag: (name: string) => Promise<unknown>,
): Promise<void> {
    const { inboundRules = [], outboundRules = [], dropletIds = [], tags = [] } = inputs;
    // docs.digitalocean.com, products/networking/firewalls/details/limits: 50 rules, 10 droplets and 5 tags a firewall.
    const counts: [string, number, number][] = [
        ["rules", inboundRules.length + outboundRules.length, 50],
        ["Droplets", dropletIds.length, 10],
        ["tags", tags.length, 5],
    ];
    for (const [what, count, most] of counts) {
        if (count > most) {
            throw new ApiError(
                request,
                422,
                `A firewall has at most ${most} ${what}, not ${count}.`,
            );
        }
    }
    // docs.digitalocean.com, reference/ansible/reference/modules/firewall: what a name may be.
    if (!/^[a-zA-Z0-9][a-zA-Z0-9.-]*$/.test(inputs.name)) {
        throw new ApiError(request, 422, `Firewall name "${inputs.name}" is not valid.`);
    }
    // docs.digitalocean.com, reference/doctl/reference/compute/firewall: tcp, udp or icmp, and ports for the first two.
    for (const { protocol, portRange } of [...inboundRules, ...outboundRules]) {
        const hasPorts = /^(all|0|\d+(-\d+)?)$/.test(portRange ?? "");
        if (!PROTOCOLS.includes(protocol) || (protocol !== "icmp" && !hasPorts)) {
            throw new ApiError(request, 422, `Rule for "${protocol} ${portRange}" is not valid.`);
        }
    }
    const sources = inboundRules.flatMap(({ sourceTags = [] }) => sourceTags);
    for (const tag of [...tags, ...sources]) {
        if ((await findTag(tag)) === undefined) {
            throw new ApiError(request, 422, `There is no tag "${tag}".`);
        }
    }
}
