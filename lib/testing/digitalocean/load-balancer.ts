import { randomUUID } from "node:crypto";
import { freeAddress } from "../machines.js";
import { ApiError, type SimulatedResource } from "../simulated-resource.js";
import { requireRegion } from "./catalog.js";
import { forwardAddresses } from "./forwarding.js";
import type { LoadBalancerInputs, LoadBalancerRecord } from "./load-balancer-record.js";
import { publicRange, takenAddresses } from "./public-addresses.js";

const REQUEST = "POST /v2/load_balancers";

/** `digitalocean.LoadBalancer`. */
export const loadBalancer: SimulatedResource<LoadBalancerInputs, LoadBalancerRecord> = {
    kind: "load-balancers",
    replacedBy: ["region", "vpcUuid", "network", "type"],
    named: true,
    async create(inputs, account) {
        requireLoadBalancer(REQUEST, inputs);
        const region = requireRegion(REQUEST, inputs.region);
        return account.alone(async () => {
            const others = await account.list<LoadBalancerRecord>("load-balancers");
            if (others.some(({ name }) => name === inputs.name)) {
                const reason = `A load balancer named "${inputs.name}" already exists.`;
                throw new ApiError(REQUEST, 422, reason);
            }
            const id = randomUUID();
            const range = await publicRange(account, region);
            const ip = freeAddress(range, await takenAddresses(account));
            await account.put("load-balancers", { ...inputs, id, ip });
            const outputs = {
                ip,
                ipv6: "",
                status: "active",
                loadBalancerUrn: `do:loadbalancer:${id}`,
            };
            return { id, outputs };
        });
    },
    async update(id, _state, inputs) {
        requireLoadBalancer(`PUT /v2/load_balancers/${id}`, inputs);
        return {};
    },
    changed: forwardAddresses,
};

/** Source: docs.digitalocean.com, products/networking/load-balancers/details/limits, and reference/api. */
function requireLoadBalancer(request: string, inputs: LoadBalancerInputs): void {
    const { forwardingRules, dropletIds = [], dropletTag } = inputs;
    if (forwardingRules.length === 0) {
        throw new ApiError(request, 422, "At least one forwarding rule is needed.");
    }
    if (dropletIds.length > 10) {
        const reason = "At most 10 Droplets can be added by id; use a tag.";
        throw new ApiError(request, 422, reason);
    }
    if (dropletIds.length > 0 && dropletTag !== undefined) {
        throw new ApiError(request, 422, "Droplets are given by id or by a tag, not both.");
    }
    const ports = forwardingRules.map(({ entryPort }) => entryPort);
    if (new Set(ports).size !== ports.length) {
        throw new ApiError(request, 422, "Each entry port can be used once.");
    }
}
