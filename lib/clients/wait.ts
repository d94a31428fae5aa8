import { ConstantBackoff, ExponentialBackoff, handleWhenResult, retry } from "cockatiel";

/** What a probe saw: it is done, with a value, or still waits, and for what. */
export type Sighting<T> = { readonly done: T } | { readonly waiting: string };

/** Thrown by a probe when waiting longer makes no sense. */
export class GiveUpError extends Error {
    override name = "GiveUpError";
}

/** Time beyond the deadline for a look that is under way to say what it saw. */
const GRACE = 500;

/** Thrown when the limit has passed. */
export class WaitTimeoutError extends Error {
    override name = "WaitTimeoutError";
    constructor(
        readonly what: string,
        readonly waitedSeconds: number,
        readonly lastSeen: string,
    ) {
        super(`waited ${waitedSeconds} s for ${what}; last seen: ${lastSeen}`);
    }
}

/** How a wait goes on. */
export interface WaitOptions {
    /** When it ends, in milliseconds since the epoch. */
    readonly deadline: number;
    /** Time between two looks, in milliseconds; default from 100 growing to 1000. */
    readonly interval?: number;
    /** Told what is being waited for, each time that it changes. */
    readonly onWaiting?: (seen: string) => void;
}

/**
 * Looks again and again until the probe is done. An error of the probe counts as "not yet".
 *
 * @throws WaitTimeoutError at the deadline, with what was last seen.
 * @throws GiveUpError as soon as the probe throws it.
 */
export async function waitFor<T>(
    what: string,
    options: WaitOptions,
    probe: () => Promise<Sighting<T>>,
): Promise<T> {
    const started = Date.now();
    let lastSeen = "nothing yet";
    const look = async (): Promise<Sighting<T> | { readonly gaveUp: GiveUpError }> => {
        try {
            const sighting = await probe();
            if ("waiting" in sighting) {
                note(sighting.waiting);
            }
            return sighting;
        } catch (cause) {
            if (cause instanceof GiveUpError) {
                return { gaveUp: cause };
            }
            const seen = cause instanceof Error ? cause.message : String(cause);
            note(seen);
            return { waiting: seen };
        }
    };
    let isOver = false;
    const note = (seen: string): void => {
        if (seen !== lastSeen && !isOver) {
            lastSeen = seen;
            options.onWaiting?.(seen);
        }
    };
    const policy = retry(
        handleWhenResult((result) => {
            const waits = typeof result === "object" && result !== null && "waiting" in result;
            return waits && Date.now() < options.deadline;
        }),
        {
            maxAttempts: Number.POSITIVE_INFINITY,
            backoff:
                options.interval === undefined
                    ? new ExponentialBackoff({ initialDelay: 100, maxDelay: 1000, exponent: 1.3 })
                    : new ConstantBackoff(options.interval),
        },
    );
    const result = await limited(policy.execute(look), options.deadline);
    isOver = true;
    if ("gaveUp" in result) {
        throw result.gaveUp;
    }
    if ("done" in result) {
        return result.done;
    }
    throw new WaitTimeoutError(what, Math.round((Date.now() - started) / 1000), lastSeen);
}

/** What the work results in, or "still waiting" where it hangs beyond the deadline. */
async function limited<T>(
    work: Promise<T>,
    deadline: number,
): Promise<T | { readonly waiting: string }> {
    let timer: NodeJS.Timeout | undefined;
    const end = new Promise<{ readonly waiting: string }>((resolve) => {
        const left = Math.max(0, deadline - Date.now());
        timer = setTimeout(() => resolve({ waiting: "no answer" }), left + GRACE);
    });
    try {
        return await Promise.race([work, end]);
    } finally {
        clearTimeout(timer);
    }
}
