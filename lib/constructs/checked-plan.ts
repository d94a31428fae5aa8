import type * as pulumi from "@pulumi/pulumi";
import { mergeCloudConfig } from "../cloud-config/index.js";
import type { ClusterArgs } from "../cluster-args.js";
import type { Bootstrap } from "../etcd/index.js";
import {
    type BootstrapPlan,
    type ClusterShape,
    planBootstrap,
    planDocuments,
    planMachines,
    validateShape,
} from "../plan/index.js";
import { errorsOf } from "../problem.js";
import { bootstrapProblems, bootstrapToPlan } from "./cluster-bootstrap.js";
import { groupPlatformProblems } from "./group-platforms.js";
import type { GroupTexts } from "./group-texts.js";
import { rejectArguments } from "./reject.js";

/** The library's own document of each group, by the group's name. */
export type Documents = ReturnType<typeof planDocuments>;

/** What is planned for a cluster whose arguments are right. */
export interface CheckedPlan {
    readonly documents: Documents;
    /** The documents for members that find each other in another way. */
    readonly documentsBy: (members: Bootstrap) => Documents;
    readonly bootstrap: BootstrapPlan;
}

/** Rejects what is wrong, all at once; answers with the library's own document of each group. */
export function checkedPlan(
    shape: ClusterShape,
    args: ClusterArgs,
    texts: GroupTexts,
    cluster: pulumi.Resource,
): CheckedPlan {
    const { platform, bootstrap: asked } = args;
    const subject = `Cluster "${shape.name}"`;
    const {
        addresses,
        documents: added = {},
        problems,
    } = platform.plan(shape, planMachines(shape));
    const { name } = platform.traits;
    const plan = planBootstrap(shape, bootstrapToPlan(shape.name, asked), {
        name,
        addresses,
    });
    const own = [
        ...validateShape(shape),
        ...groupPlatformProblems(args),
        ...problems,
        ...(problems.length > 0 ? [] : plan.problems),
        ...bootstrapProblems(asked),
        ...texts.additionProblems(),
    ];
    if (errorsOf(own).length > 0) {
        rejectArguments(subject, own, cluster);
    }
    const documentsBy = (members: Bootstrap): Documents =>
        Object.fromEntries(
            Object.entries(planDocuments(shape, members, plan.workers)).map(([group, document]) => [
                group,
                mergeCloudConfig(document, added[group] ?? {}),
            ]),
        );
    const documents = documentsBy(plan.bootstrap);
    rejectArguments(subject, [...own, ...texts.documentProblems(documents)], cluster);
    return { documents, documentsBy, bootstrap: plan };
}
