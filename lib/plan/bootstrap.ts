import { type Bootstrap, type EtcdScheme, initialCluster } from "../etcd/index.js";
import { given, type Problem } from "../problem.js";
import { type ClusterShape, hasEtcd, planMachines } from "./shape.js";

/** etcd's URLs have this scheme. */
export const SCHEME: EtcdScheme = "http";

/** The addresses that a platform promised, by machine name. */
export type Addresses = Readonly<Record<string, string>>;

/**
 * How the members find each other at their first start: `static`, by a list in their user-data, where the platform
 * promises addresses; `delivered`, by the same list, put onto each machine over SSH once all are made.
 */
export type BootstrapKind = "static" | "delivered";

/** A bootstrap by etcd's discovery protocol. */
export interface DiscoveryPlan {
    /** URL of the token, or what stands for it as long as it is not known. */
    readonly discovery: string;
    /** Number of members that the token is for, where that is known. */
    readonly size?: number;
}

/** What each role's etcd is started with. */
export interface BootstrapPlan {
    /** The members' way to each other. */
    readonly bootstrap: Bootstrap;
    /**
     * The workers' way to the members. Never a token, which may have expired when a worker is added: where the
     * members have one, it is the list of members all the same.
     */
    readonly workers: Bootstrap;
    /** What is wrong with what was asked for. */
    readonly problems: readonly Problem[];
}

const KINDS: readonly BootstrapKind[] = ["static", "delivered"];
const DELIVERED: Bootstrap = { kind: "delivered" };

/** The bootstrap of a cluster, with the problems of what was asked for. */
export function planBootstrap(
    shape: ClusterShape,
    asked: BootstrapKind | DiscoveryPlan | undefined,
    platform: { readonly name: string; readonly addresses: Addresses | undefined },
): BootstrapPlan {
    const { name, addresses } = platform;
    const listed = addresses === undefined ? DELIVERED : staticBootstrap(shape, addresses);
    if (typeof asked === "object") {
        const bootstrap: Bootstrap = { kind: "discovery", url: asked.discovery };
        return { bootstrap, workers: listed, problems: sizeProblems(shape, asked) };
    }
    const kind = asked ?? listed.kind;
    if (kind === "static" && listed.kind === "static") {
        return { bootstrap: listed, workers: listed, problems: [] };
    }
    const problem = (allowed: string): Problem => ({
        path: "bootstrap",
        given: given(asked),
        allowed,
    });
    const problems =
        kind === "static"
            ? [
                  problem(
                      `platform ${name} promises no addresses beforehand; leave \`bootstrap\` out`,
                  ),
              ]
            : kind === "delivered"
              ? []
              : [problem(`must be one of ${KINDS.join(", ")}, or { discovery: … }`)];
    return { bootstrap: DELIVERED, workers: DELIVERED, problems };
}

/** Fewer members than the token's size wait for ever; one more is turned away. */
function sizeProblems(shape: ClusterShape, { size }: DiscoveryPlan): Problem[] {
    const members = planMachines(shape).filter(({ role }) => role === "member").length;
    return size === undefined || size === members || !hasEtcd(shape)
        ? []
        : [
              {
                  path: "bootstrap.discovery",
                  given: `a token for ${size} members`,
                  allowed:
                      `the cluster has ${members}, and begins only with as many as its token is for; ` +
                      `a new cluster needs a DiscoveryToken with \`size: ${members}\``,
              },
          ];
}

/** The list of a cluster's members at addresses that the platform promised. */
export function staticBootstrap(shape: ClusterShape, addresses: Addresses): Bootstrap {
    const peers = planMachines(shape)
        .filter(({ role }) => role === "member")
        .map(({ name }) => ({ name, address: addresses[name] ?? "" }));
    return { kind: "static", initialCluster: initialCluster(SCHEME, peers) };
}
