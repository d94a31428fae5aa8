import type * as pulumi from "@pulumi/pulumi";
import { binariesDocument } from "../binaries/index.js";
import { mergeCloudConfig } from "../cloud-config/index.js";
import type { ClusterArgs } from "../cluster-args.js";
import { type Bootstrap, ETCD_UNIT } from "../etcd/index.js";
import { FLEET_UNIT } from "../fleet/daemon-units.js";
import {
    type BinariesChoice,
    type BinariesPlan,
    type BootstrapPlan,
    CLUSTER_PATH,
    CLUSTER_TARGET,
    type ClusterShape,
    MEMBERS,
    planBinaries,
    planBootstrap,
    planDocuments,
    planMachines,
    validateShape,
} from "../plan/index.js";
import { errorsOf } from "../problem.js";
import { binariesToPlan } from "./cluster-binaries.js";
import { bootstrapProblems, bootstrapToPlan } from "./cluster-bootstrap.js";
import { groupPlatformProblems } from "./group-platforms.js";
import type { GroupTexts } from "./group-texts.js";
import { keyProblems } from "./key-problems.js";
import { rejectArguments } from "./reject.js";

/** The units that run fetched programs. */
const RUN_BINARIES = [ETCD_UNIT, FLEET_UNIT];

/** The library's own document of each group, by the group's name. */
export type Documents = ReturnType<typeof planDocuments>;

/** What is planned for a cluster whose arguments are right. */
export interface CheckedPlan {
    readonly documents: Documents;
    /** The documents for members that find each other in another way, or machines that fetch other archives. */
    readonly documentsBy: (known: LateParts) => Documents;
    readonly bootstrap: BootstrapPlan;
    /** Whether machines fetch etcd and fleet. */
    readonly fetchesBinaries: boolean;
}

/** What may be known only after the program has run. */
export interface LateParts {
    /** The members' way to each other. */
    readonly members?: Bootstrap;
    /** Where machines get etcd and fleet from. */
    readonly binaries?: BinariesChoice | undefined;
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
        architectures = {},
        problems,
    } = platform.plan(shape, planMachines(shape));
    const { name, hasBinaries = false } = platform.traits;
    const plan = planBootstrap(shape, bootstrapToPlan(shape.name, asked), {
        name,
        addresses,
    });
    const asBinaries = binariesToPlan(args.binaries);
    const ofBinaries = (choice: BinariesChoice | undefined): BinariesPlan =>
        planBinaries(shape, choice, { name, hasBinaries, architectures }, asBinaries.unknown);
    const binaries = ofBinaries(asBinaries.choice);
    const own = [
        ...validateShape(shape),
        ...groupPlatformProblems(args),
        ...keyProblems(args),
        ...problems,
        ...(problems.length > 0 ? [] : plan.problems),
        ...bootstrapProblems(asked),
        ...binaries.problems,
        ...texts.additionProblems(),
    ];
    if (errorsOf(own).length > 0) {
        rejectArguments(subject, own, cluster);
    }
    const documentsBy = (known: LateParts): Documents => {
        const members = known.members ?? plan.bootstrap;
        const { archives, problems } = known.binaries ? ofBinaries(known.binaries) : binaries;
        rejectArguments(subject, problems);
        return Object.fromEntries(
            Object.entries(planDocuments(shape, members, plan.workers)).map(([group, document]) => {
                const { kind } = group === MEMBERS ? members : plan.workers;
                const fetched = binariesDocument(archives[group] ?? {}, {
                    users:
                        document.coreos?.units?.flatMap(({ name }) =>
                            RUN_BINARIES.includes(name) ? [name] : [],
                        ) ?? [],
                    target: CLUSTER_TARGET,
                    ...(kind === "delivered" ? { early: CLUSTER_PATH } : {}),
                });
                const own = mergeCloudConfig(document, fetched);
                return [group, mergeCloudConfig(own, added[group] ?? {})];
            }),
        );
    };
    const documents = documentsBy({});
    rejectArguments(subject, [...own, ...texts.documentProblems(documents)], cluster);
    const fetchesBinaries = Object.keys(binaries.archives).length > 0;
    return { documents, documentsBy, bootstrap: plan, fetchesBinaries };
}
