import * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs } from "../cluster-args.js";
import { DiscoveryToken } from "../discovery.js";
import { validateDiscoveryUrl } from "../etcd/index.js";
import {
    type BootstrapKind,
    type ClusterShape,
    type DiscoveryPlan,
    hasEtcd,
    planMachines,
} from "../plan/index.js";
import type { Problem } from "../problem.js";
import { isKnown, plainValue } from "./inputs.js";
import { rejectArguments } from "./reject.js";

/** What was asked for, as the plan takes it while the program runs: a URL not known yet has a name. */
export function bootstrapToPlan(
    cluster: string,
    asked: ClusterArgs["bootstrap"],
): BootstrapKind | DiscoveryPlan | undefined {
    if (typeof asked !== "object") {
        return asked;
    }
    const { discovery } = asked;
    return discovery instanceof DiscoveryToken
        ? { discovery: placeholder(discovery.label), size: discovery.members }
        : { discovery: plainValue<string>(discovery) ?? placeholder(tokenName(cluster)) };
}

/** Problems of a token's URL that are known while the program runs. */
export function bootstrapProblems(asked: ClusterArgs["bootstrap"]): Problem[] {
    if (typeof asked !== "object" || asked.discovery instanceof DiscoveryToken) {
        return [];
    }
    const path = "bootstrap.discovery";
    const { discovery } = asked;
    const url = discovery === undefined ? "" : plainValue<string>(discovery);
    return url === undefined ? [] : validateDiscoveryUrl(path, url);
}

/**
 * The token's URL as it stands in user-data, where a cluster has one. In a preview that does not know it yet, a name
 * stands for it, so that the rest of the text is seen. A URL of the user's own is looked at before
 * machines are made.
 */
export function discoveryUrl(
    shape: ClusterShape,
    asked: ClusterArgs["bootstrap"],
    parent: pulumi.Resource,
): pulumi.Output<string> | undefined {
    if (typeof asked !== "object" || !hasEtcd(shape)) {
        return undefined;
    }
    const token =
        asked.discovery instanceof DiscoveryToken
            ? asked.discovery
            : existingToken(shape, asked.discovery, parent);
    const looked = Promise.all([pulumi.isSecret(token.url), isKnown(token.url)]);
    return pulumi.output(looked).apply(([isSecret, known]) => {
        const allowed = "no secret may be in user-data, where the token's URL must stand";
        const problem = { path: "bootstrap.discovery", given: "a Pulumi secret", allowed };
        rejectArguments(`Cluster "${shape.name}"`, isSecret ? [problem] : []);
        return known ? token.url : pulumi.output(placeholder(token.label));
    });
}

function existingToken(
    shape: ClusterShape,
    url: pulumi.Input<string>,
    parent: pulumi.Resource,
): DiscoveryToken {
    const size = planMachines(shape).filter(({ role }) => role === "member").length;
    return new DiscoveryToken(tokenName(shape.name), { size, url }, { parent });
}

function tokenName(cluster: string): string {
    return `${cluster}-discovery`;
}

function placeholder(label: string): string {
    return `<url-of-discovery-token-${label}>`;
}
