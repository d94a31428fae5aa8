import type { ResourceHandler } from "./handler.js";
import { type DynamicProvider, dynamicProvider } from "./host.js";
import { PROVIDERS, type ProviderName } from "./tokens.js";

type AnyHandler = ResourceHandler<Record<string, unknown>, Record<string, unknown>>;

/** Each handler's module is loaded when the first resource of its type is met. */
const loaders: Record<ProviderName, () => Promise<unknown>> = {
    [PROVIDERS.sshKey]: async () => (await import("./ssh-key-handler.js")).sshKeyHandler,
    [PROVIDERS.readiness]: async () => (await import("./readiness-handler.js")).readinessHandler,
    [PROVIDERS.groupUnits]: async () =>
        (await import("./group-units-handler.js")).groupUnitsHandler,
    [PROVIDERS.memberRoll]: async () =>
        (await import("./member-roll-handler.js")).memberRollHandler,
    [PROVIDERS.secretKey]: async () => (await import("./secret-key-handler.js")).secretKeyHandler,
    [PROVIDERS.serviceSecrets]: async () =>
        (await import("./service-secrets-handler.js")).serviceSecretsHandler,
    [PROVIDERS.service]: async () => (await import("./service-handler.js")).serviceHandler,
    [PROVIDERS.discoveryToken]: async () =>
        (await import("./discovery-token-handler.js")).discoveryTokenHandler,
    [PROVIDERS.localImage]: async () =>
        (await import("../platforms/local/handlers.js")).imageHandler,
    [PROVIDERS.localNetwork]: async () =>
        (await import("../platforms/local/handlers.js")).networkHandler,
    [PROVIDERS.localMachine]: async () =>
        (await import("../platforms/local/handlers.js")).machineHandler,
};

/**
 * The dynamic provider of that name; Pulumi's provider process calls it with what stands in the
 * state's `__provider`.
 *
 * @throws Error where the name is none that this version knows.
 */
export function handler(name: string): DynamicProvider {
    const load = loaders[name as ProviderName];
    if (load === undefined) {
        throw new Error(
            `this version of pulumi-coreos has no provider "${name}"; install the version that made the resource`,
        );
    }
    // Inputs and state pass through JSON on their way: each handler states what it takes.
    return dynamicProvider(() => load() as Promise<AnyHandler>);
}
