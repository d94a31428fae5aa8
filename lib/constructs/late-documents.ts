import * as pulumi from "@pulumi/pulumi";
import type { CloudConfig } from "../cloud-config/index.js";
import type { ClusterArgs } from "../cluster-args.js";
import { type ClusterShape, MEMBERS } from "../plan/index.js";
import type { CheckedPlan } from "./checked-plan.js";
import { knownBinaries } from "./cluster-binaries.js";
import { discoveryUrl } from "./cluster-bootstrap.js";

/**
 * The library's own document of a group where part of it is known only after the program has run: the URL of a discovery
 * token, the URLs and sums of archives. `undefined` for a group that has none of these in it.
 */
export function lateDocuments(
    shape: ClusterShape,
    args: ClusterArgs,
    { documents, documentsBy }: CheckedPlan,
    parent: pulumi.Resource,
): (group: string) => pulumi.Output<CloudConfig> | undefined {
    const token = discoveryUrl(shape, args.bootstrap, parent);
    const binaries = knownBinaries(shape.name, args.binaries);
    return (group) => {
        const url = group === MEMBERS ? token : undefined;
        if (url === undefined && binaries === undefined) {
            return undefined;
        }
        return pulumi.all([url, binaries]).apply(([known, archives]) => {
            const members = known === undefined ? {} : { members: discovery(known) };
            return documentsBy({ ...members, binaries: archives })[group] ?? documents[group] ?? {};
        });
    };
}

function discovery(url: string) {
    return { kind: "discovery", url } as const;
}
