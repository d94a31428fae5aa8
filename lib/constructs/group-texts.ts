import * as pulumi from "@pulumi/pulumi";
import {
    type CloudConfig,
    renderCloudConfig,
    type UserDataContext,
} from "../cloud-config/index.js";
import type { AdditionArgs, ClusterArgs } from "../cluster-args.js";
import {
    type ClusterShape,
    type GroupDocuments,
    groupsOf,
    MEMBERS,
    mergeDocuments,
    validateAdditions,
    validateGroupDocument,
} from "../plan/index.js";
import type { PlatformTraits } from "../platform.js";
import type { Problem } from "../problem.js";
import { type DeepInput, knownParts, plainValue, resolved, secretPaths } from "./inputs.js";
import { rejectArguments } from "./reject.js";

/** A unit that is known in part is not looked at: what is missing may be what it lacks. */
const UNIT_CONTENT = /^units\[\d+\]\.content$/;

/** What a user adds to one group: to every group, and to this one. */
interface Addition {
    /** Path at which it was written; empty for what holds for every group. */
    readonly path: string;
    readonly documents: DeepInput<GroupDocuments>;
}

/** The user-data of each group: the library's own document with what the user adds. */
export class GroupTexts {
    private readonly context: UserDataContext;
    private readonly subject: string;
    private secrets: Promise<void> | undefined;

    constructor(
        private readonly shape: ClusterShape,
        private readonly args: ClusterArgs,
        traits: PlatformTraits,
    ) {
        this.subject = `Cluster "${shape.name}"`;
        this.context = {
            publicIpv4: traits.publicIpv4,
            privateIpv4: true,
            limit: traits.userData.limit,
            gzip: traits.userData.gzip,
        };
    }

    /** Problems of what the user adds, as far as it is known while the program runs. */
    additionProblems(): Problem[] {
        return this.allAdditions().flatMap(({ path, documents }) => {
            const { value, unknown } = knownParts<GroupDocuments>(documents, UNIT_CONTENT);
            const prefix = path === "" ? "" : `${path}.`;
            return validateAdditions(path, value, this.context).filter(
                (problem) => !unknown.some((at) => isWithin(problem.path, prefix + at)),
            );
        });
    }

    /** Problems of the whole documents that are known while the program runs. */
    documentProblems(base: Readonly<Record<string, CloudConfig>>): Problem[] {
        return groupsOf(this.shape).flatMap(([group]) => {
            const plain = this.plainAdditions(group);
            return plain === undefined ? [] : this.validate(group, base[group] ?? {}, plain);
        });
    }

    /** A group's text. What was not known while the program ran is checked as soon as it is. */
    text(group: string, base: CloudConfig): pulumi.Output<string> {
        const plain = this.plainAdditions(group);
        if (plain !== undefined) {
            return pulumi.output(renderCloudConfig(mergeDocuments(base, plain)));
        }
        const additions = this.additions(group);
        this.secrets ??= this.rejectSecrets();
        return pulumi
            .output(this.secrets.then(() => group))
            .apply(() => resolved<GroupDocuments[]>(additions.map(({ documents }) => documents)))
            .apply((known) => {
                const own = known.flatMap((one, index) =>
                    validateAdditions(additions[index]?.path ?? "", one, this.context),
                );
                rejectArguments(this.subject, own);
                rejectArguments(this.subject, this.validate(group, base, known));
                return renderCloudConfig(mergeDocuments(base, known));
            });
    }

    /** User-data is readable by every process on the machine, and in consoles: no secret may be in it. */
    private async rejectSecrets(): Promise<void> {
        const found = this.allAdditions().map(async ({ path, documents }) => {
            const prefix = path === "" ? "" : `${path}.`;
            return (await secretPaths(documents)).map((at) => ({
                path: prefix + at,
                given: "a Pulumi secret",
                allowed:
                    "no secret may be in user-data, which every process on the machine and every " +
                    "console can read; put it on the machine over SSH",
            }));
        });
        rejectArguments(this.subject, (await Promise.all(found)).flat());
    }

    private validate(
        group: string,
        base: CloudConfig,
        additions: readonly GroupDocuments[],
    ): Problem[] {
        return validateGroupDocument(group, mergeDocuments(base, additions), this.context);
    }

    private additions(group: string): Addition[] {
        const own = group === MEMBERS ? this.args.members : this.args.workers?.[group];
        const path = group === MEMBERS ? MEMBERS : `workers.${group}`;
        return [
            { path: "", documents: additionOf(this.args) },
            { path, documents: additionOf(own ?? {}) },
        ];
    }

    private allAdditions(): Addition[] {
        const groups = groupsOf(this.shape).flatMap(([group]) => this.additions(group).slice(1));
        return [{ path: "", documents: additionOf(this.args) }, ...groups];
    }

    private plainAdditions(group: string): GroupDocuments[] | undefined {
        const known = this.additions(group).flatMap(({ documents }) => {
            const plain = plainValue<GroupDocuments>(documents);
            return plain === undefined ? [] : [plain];
        });
        return known.length === this.additions(group).length ? known : undefined;
    }
}

function additionOf({ units, files, cloudConfig }: AdditionArgs): DeepInput<GroupDocuments> {
    return {
        ...(units === undefined ? {} : { units }),
        ...(files === undefined ? {} : { files }),
        ...(cloudConfig === undefined ? {} : { cloudConfig }),
    };
}

function isWithin(path: string, whole: string): boolean {
    return path === whole || path.startsWith(`${whole}.`) || path.startsWith(`${whole}[`);
}
