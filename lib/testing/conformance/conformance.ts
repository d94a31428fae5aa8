import { describe } from "node:test";
import { checkContract } from "./contract.js";
import { checkLife } from "./life.js";
import type { PlatformUnderTest } from "./platform-under-test.js";

/**
 * Declares the checks of a platform, whoever wrote it, as tests of Node's own runner (`node --test`): what `Platform` asks
 * for, first against a stand-in for Pulumi's engine, without a cloud, a network or root; then, where a
 * `life` is given, from `pulumi up` to `pulumi destroy` of a cluster of two machines on the real engine.
 *
 * @example
 * platformConformance({
 *     name: "Inventory",
 *     make: (name, opts) => new Inventory(name, { addresses: sevenAddresses }, opts),
 *     makeUnfit: (name, opts) => new Inventory(name, { addresses: [] }, opts),
 * });
 */
export function platformConformance(platform: PlatformUnderTest): void {
    describe(`${platform.name} as a platform`, () => {
        checkContract(platform);
        if (platform.life !== undefined) {
            checkLife(platform.name, platform.life);
        }
    });
}
