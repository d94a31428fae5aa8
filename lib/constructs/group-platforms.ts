import type { ClusterArgs, GroupArgs } from "../cluster-args.js";
import { MEMBERS } from "../plan/index.js";
import type { Platform } from "../platform.js";
import { given, type Problem } from "../problem.js";

/**
 * What is wrong with the platforms that groups name: any but the cluster's own. etcd, fleet and services talk without
 * encryption, and between two platforms that is the open internet, or a network that this program doesn't know.
 */
export function groupPlatformProblems({ platform, members, workers }: ClusterArgs): Problem[] {
    const groups: [string, GroupArgs | undefined][] = [
        [MEMBERS, members],
        ...Object.entries(workers ?? {}).map(([name, group]): [string, GroupArgs] => [
            `workers.${name}`,
            group,
        ]),
    ];
    return groups.flatMap(([path, group]) =>
        group?.platform === undefined || group.platform === platform
            ? []
            : [
                  {
                      path: `${path}.platform`,
                      given: nameOf(group.platform),
                      allowed:
                          `must be the cluster's own platform (${nameOf(platform)}): traffic between ` +
                          "machines is not encrypted, so a cluster can't span two; leave it out, or make a " +
                          "cluster of its own there",
                  },
              ],
    );
}

function nameOf(platform: Platform): string {
    return given(platform?.traits?.name);
}
