import type { Problem } from "../../problem.js";
import { lookUpReason } from "../look-up.js";

/**
 * What to do about a look-up that failed for want of a token; `undefined` where it failed for another reason. Only the
 * provider knows where its token comes from, so that this is asked after the fact.
 */
export function credentialsProblem(cause: unknown): Problem | undefined {
    const reason = lookUpReason(cause);
    const allowed =
        "set `digitalocean:token` (pulumi config set --secret digitalocean:token …) or DIGITALOCEAN_TOKEN, " +
        "or give the platform a provider that has one";
    // docs.digitalocean.com, reference/api: 401 for a token that is missing, wrong or expired.
    return /\b401\b|unable to authenticate/i.test(reason)
        ? { path: "credentials", given: `no token that DigitalOcean takes (${reason})`, allowed }
        : undefined;
}
