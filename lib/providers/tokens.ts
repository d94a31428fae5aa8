/**
 * Names under which the dynamic providers are found. They stand in users' state, as the resource
 * type and in the literal `__provider`, and never change.
 */
export const PROVIDERS = {
    sshKey: "SshKey",
    readiness: "Readiness",
    groupUnits: "GroupUnits",
    memberRoll: "MemberRoll",
    secretKey: "SecretKey",
    service: "Service",
    discoveryToken: "DiscoveryToken",
    serviceSecrets: "ServiceSecrets",
    localImage: "LocalImage",
    localNetwork: "LocalNetwork",
    localMachine: "LocalMachine",
} as const;

/** One of {@link PROVIDERS}. */
export type ProviderName = (typeof PROVIDERS)[keyof typeof PROVIDERS];

/** Resource type of a dynamic provider, as it stands in URNs. */
export function resourceType(name: ProviderName): string {
    return `pulumi-nodejs:dynamic/coreos:${name}`;
}

/**
 * The text that Pulumi keeps in the state and evaluates in its provider process. It names this
 * package's exported subpath, so that an upgraded library runs its own code on old state.
 */
export function providerSource(name: ProviderName): string {
    return `exports.handler = () => require("pulumi-coreos/providers").handler(${JSON.stringify(name)});`;
}

/** Limits of one resource's operations, in seconds, and the name it logs under. */
export interface Operation {
    readonly urn: string;
    readonly create: number;
    readonly update: number;
    readonly delete: number;
}

/** Input in which a construct hands {@link Operation} to its provider; no diff looks at it. */
export const OPERATION_INPUT = "operation";
