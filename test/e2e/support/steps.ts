import { test } from "node:test";
import { waitFor } from "../../../lib/clients/wait.js";

/** Tests in order, each on what the one before left: after a failure the rest is skipped. */
export function steps(): (name: string, work: () => Promise<void>) => void {
    let failed: string | undefined;
    return (name, work) => {
        test(name, async (context) => {
            if (failed !== undefined) {
                context.skip(`after the failure of: ${failed}`);
                return;
            }
            try {
                await work();
            } catch (cause) {
                failed = name;
                throw cause;
            }
        });
    };
}

/**
 * Looks until a check no longer throws; fails with what it said last.
 *
 * @param seconds when it gives up
 */
export async function eventually<T>(
    what: string,
    check: () => Promise<T>,
    seconds = 90,
): Promise<T> {
    const wait = { deadline: Date.now() + seconds * 1000, interval: 200 };
    return waitFor(what, wait, async () => ({ done: await check() }));
}
