import { createHash } from "node:crypto";
import type { Account, CloudRecord } from "../account.js";
import { ApiError } from "../simulated-resource.js";
import type { Architecture } from "./catalog.js";

/** An AMI. */
export type ImageRecord = CloudRecord & {
    readonly name: string;
    readonly architecture: Architecture;
    readonly ownerId: string;
    /** ISO 8601. */
    readonly creationDate: string;
};

/** Account of the Flatcar project. */
const FLATCAR = "075585003325";
/** Releases of Flatcar that are public here; further ones can be put into the account's `images`. */
const RELEASES = ["stable-4593.2.5", "stable-4593.2.4", "beta-4757.1.0", "alpha-4790.0.0"];
/** Days since each was made. */
const AGE = 60;

/** Every AMI that the account sees. */
export async function images(account: Account): Promise<ImageRecord[]> {
    const creationDate = new Date(Date.now() - AGE * 86_400_000).toISOString();
    const flatcar = RELEASES.flatMap((release) =>
        (["x86_64", "arm64"] as const).map((architecture): ImageRecord => {
            const name = `Flatcar-${release}-hvm`;
            const digest = createHash("sha256").update(`${name} ${architecture}`).digest("hex");
            const id = `ami-0${digest.slice(0, 16)}`;
            return { id, name, architecture, ownerId: FLATCAR, creationDate };
        }),
    );
    return [...flatcar, ...(await account.list<ImageRecord>("images"))];
}

/**
 * The AMI of a new instance, or a refusal.
 * Source: docs.aws.amazon.com, AWSEC2/latest/APIReference/errors-overview: `InvalidAMIID.NotFound`; an instance type runs
 * AMIs of its own architecture (API_RunInstances, `Unsupported`/`InvalidParameterValue`).
 */
export async function requireImage(
    request: string,
    id: string,
    architecture: Architecture,
    account: Account,
): Promise<ImageRecord> {
    const image = (await images(account)).find((one) => one.id === id);
    if (image === undefined) {
        const reason = `InvalidAMIID.NotFound: The image id '[${id}]' does not exist`;
        throw new ApiError(request, 400, reason);
    }
    if (image.architecture !== architecture) {
        const reason = `InvalidParameterValue: The architecture '${architecture}' of the specified instance type does not match the architecture '${image.architecture}' of the specified AMI.`;
        throw new ApiError(request, 400, reason);
    }
    return image;
}
