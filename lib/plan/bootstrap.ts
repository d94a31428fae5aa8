import { type Bootstrap, type EtcdScheme, initialCluster } from "../etcd/index.js";
import { given, type Problem } from "../problem.js";
import { type ClusterShape, planMachines } from "./shape.js";

/** etcd's URLs have this scheme. */
export const SCHEME: EtcdScheme = "http";

/** The addresses that a platform promised, by machine name. */
export type Addresses = Readonly<Record<string, string>>;

/**
 * How the members find each other at their first start: `static`, by a list in their user-data, where the platform
 * promises addresses; `delivered`, by the same list, put onto each machine over SSH once all are made.
 */
export type BootstrapKind = "static" | "delivered";

const KINDS: readonly BootstrapKind[] = ["static", "delivered"];

/** The bootstrap of a cluster, with the problems of what was asked for. */
export function planBootstrap(
    shape: ClusterShape,
    asked: BootstrapKind | undefined,
    platform: { readonly name: string; readonly addresses: Addresses | undefined },
): { readonly bootstrap: Bootstrap; readonly problems: readonly Problem[] } {
    const { name, addresses } = platform;
    const kind = asked ?? (addresses === undefined ? "delivered" : "static");
    if (kind === "static" && addresses !== undefined) {
        return { bootstrap: staticBootstrap(shape, addresses), problems: [] };
    }
    const problem = (allowed: string): Problem => ({
        path: "bootstrap",
        given: given(asked),
        allowed,
    });
    const problems = !KINDS.includes(kind)
        ? [problem(`must be one of ${KINDS.join(", ")}`)]
        : kind === "static"
          ? [problem(`platform ${name} promises no addresses beforehand; leave \`bootstrap\` out`)]
          : [];
    return { bootstrap: { kind: "delivered" }, problems };
}

/** The list of a cluster's members at addresses that the platform promised. */
export function staticBootstrap(shape: ClusterShape, addresses: Addresses): Bootstrap {
    const peers = planMachines(shape)
        .filter(({ role }) => role === "member")
        .map(({ name }) => ({ name, address: addresses[name] ?? "" }));
    return { kind: "static", initialCluster: initialCluster(SCHEME, peers) };
}
