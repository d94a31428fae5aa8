import { type GetAmiResult, getAmi } from "@pulumi/aws/ec2/getAmi";
import * as pulumi from "@pulumi/pulumi";
import { rejectArguments } from "../../constructs/reject.js";
import { given, type Problem } from "../../problem.js";
import { type LookUps, lookedUp } from "../look-up.js";
import type { Architecture } from "./architecture.js";
import type { AwsArgs, FlatcarRelease, InstanceType } from "./args.js";

/** The release that is used where the program names no image. */
export const DEFAULT_RELEASE: FlatcarRelease = { channel: "stable", version: "4593.2.5" };
/** Account of the Flatcar project. */
const FLATCAR = "075585003325";
/** Months for which Flatcar's AMIs stay public. Source: flatcar.org, docs, "Running Flatcar on AWS EC2". */
const PUBLIC_MONTHS = 9;

/** A cluster that wants an AMI. */
export interface ImageRequest {
    /** For messages: `Cluster "demo"`. */
    readonly subject: string;
    readonly architecture: Architecture;
    /** An instance type with that processor. */
    readonly type: InstanceType;
}

/** Id of the AMI: the one that was given, or the one of the release for that processor. */
export function instanceImage(
    { image = { flatcar: DEFAULT_RELEASE } }: AwsArgs,
    { subject, architecture, type }: ImageRequest,
    lookUps: LookUps,
): pulumi.Output<string> {
    if ("id" in image) {
        return pulumi.output(image.id).apply(async (id) => {
            const filters = [{ name: "image-id", values: [id] }];
            const found = await lookedUp(
                (opts) => getAmi({ filters }, opts),
                lookUps,
                subject,
                (reason) => missingProblem(id, reason),
            );
            rejectArguments(subject, architectureProblems(id, found, architecture, type));
            return id;
        });
    }
    return pulumi.output(releaseImage(subject, image.flatcar, architecture, lookUps));
}

async function releaseImage(
    subject: string,
    release: FlatcarRelease,
    architecture: Architecture,
    lookUps: LookUps,
): Promise<string> {
    const { channel = "stable", version, owner = FLATCAR } = release;
    const what = `Flatcar ${channel} ${version}`;
    const filters = [
        { name: "name", values: [`Flatcar-${channel}-${version}-*hvm`] },
        { name: "architecture", values: [architecture] },
    ];
    const found = await lookedUp(
        (opts) => getAmi({ owners: [owner], filters }, opts),
        lookUps,
        subject,
        (reason) => {
            const allowed = isNone(reason)
                ? `${what} for ${architecture} is not among the AMIs of account ${owner} in this region; Flatcar's stay public ` +
                  "for nine months: take a newer release, or give the id of an AMI in `image.id`, for machines that " +
                  "run the one that they have"
                : `the AMI of ${what} for ${architecture} can't be looked up (${reason})`;
            return { path: "platform.image.flatcar.version", given: given(version), allowed };
        },
    );
    rejectArguments(subject, ageProblems(what, version, found?.creationDate, new Date()));
    return found?.id ?? "";
}

/** A warning where a release is, or soon will be, no longer public. */
export function ageProblems(
    what: string,
    version: string,
    creationDate: string | undefined,
    now: Date,
): Problem[] {
    const until = new Date(creationDate ?? "");
    until.setUTCMonth(until.getUTCMonth() + PUBLIC_MONTHS);
    const soon = new Date(now);
    soon.setUTCMonth(soon.getUTCMonth() + 1);
    if (Number.isNaN(until.getTime()) || until > soon) {
        return [];
    }
    const day = until.toISOString().slice(0, 10);
    const allowed = `${what} is ${until < now ? "older than" : "almost"} nine months, for which Flatcar's AMIs stay public, until ${day}: after that no machine can be made from it; plan a newer release`;
    const path = "platform.image.flatcar.version";
    return [{ path, given: given(version), allowed, severity: "warning" }];
}

/** The provider's words for a look-up that finds nothing (terraform-provider-aws, website/docs/d/ami). */
function isNone(reason: string): boolean {
    return /returned no results/.test(reason);
}

/** A warning for an AMI that is not there, or no longer public: what runs it stays. */
export function missingProblem(id: string, reason: string): Problem {
    const allowed = isNone(reason)
        ? "is no AMI of this region that this account may see; machines that run it stay, and no new one can be made from it"
        : `can't be looked up (${reason})`;
    return { path: "platform.image.id", given: given(id), allowed, severity: "warning" };
}

/** Whether an AMI is for another processor than that of the instance type. */
export function architectureProblems(
    id: string,
    found: Pick<GetAmiResult, "architecture" | "name"> | undefined,
    architecture: Architecture,
    type: InstanceType,
): Problem[] {
    if (found === undefined || found.architecture === architecture) {
        return [];
    }
    const allowed = `${found.name} is for ${found.architecture}, and ${type} has ${architecture}; take an AMI or instance types of the other kind`;
    return [{ path: "platform.image.id", given: given(id), allowed }];
}
