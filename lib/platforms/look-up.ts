import type * as pulumi from "@pulumi/pulumi";
import { rejectArguments } from "../constructs/reject.js";
import type { Problem } from "../problem.js";

/** How a platform looks things up in its cloud. */
export interface LookUps<Offer = unknown> {
    readonly opts: pulumi.InvokeOptions;
    /** The platform's first look-up, which fails for want of credentials: that is told once, and alone. */
    readonly offered: Promise<Offer>;
}

/**
 * What a look-up finds; nothing where the problem of its failure is but a warning.
 *
 * @param problem what is wrong, for the reason that the cloud gives
 * @throws pulumi.RunError with the problem, where it is an error
 */
export async function lookedUp<T>(
    find: (opts: pulumi.InvokeOptions) => Promise<T>,
    { opts, offered }: LookUps,
    subject: string,
    problem: (reason: string) => Problem,
): Promise<T | undefined> {
    return find(opts).catch(async (cause: unknown) => {
        await offered;
        rejectArguments(subject, [problem(lookUpReason(cause))]);
        return undefined;
    });
}

/** What a look-up failed for, in the cloud's own words, without those of engine and provider around them. */
export function lookUpReason(cause: unknown): string {
    const message = cause instanceof Error ? cause.message : String(cause);
    return message
        .replace(/^[\s\S]*returned an error: /, "")
        .replaceAll(/\s+/g, " ")
        .replace(/^invoking \S+: /, "")
        .replace(/^1 error occurred: \* /, "")
        .trim()
        .replace(/\.$/, "");
}
