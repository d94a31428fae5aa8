import type { Problem } from "../../problem.js";
import { lookUpReason } from "../look-up.js";

const REGION =
    "set `aws:region` (pulumi config set aws:region eu-central-1) or AWS_REGION, or give the platform a provider that has one";
const CREDENTIALS =
    "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or `aws:profile`, or give the platform a provider " +
    "that has them";

/** What the provider says of a region that is missing or none (pulumi-aws, provider/resources.go). */
const NO_REGION = /missing region|region was not found|invalid AWS region/i;
/**
 * What the provider says where it finds no credentials, and EC2 of those that are wrong or too old
 * (docs.aws.amazon.com, AWSEC2/latest/APIReference/errors-overview).
 */
const NO_CREDENTIALS =
    /credential|AuthFailure|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|ExpiredToken|RequestExpired/i;

/**
 * What to do about a look-up that failed for want of a region or of credentials; `undefined` where it failed for another
 * reason. Only the provider knows where it has them from, so that this is asked after the fact.
 */
export function credentialsProblem(cause: unknown): Problem | undefined {
    const reason = lookUpReason(cause);
    if (NO_REGION.test(reason)) {
        return { path: "region", given: `none that AWS knows (${reason})`, allowed: REGION };
    }
    return NO_CREDENTIALS.test(reason)
        ? { path: "credentials", given: `none that AWS takes (${reason})`, allowed: CREDENTIALS }
        : undefined;
}
