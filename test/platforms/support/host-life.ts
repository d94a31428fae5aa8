import type { PlatformLife } from "../../../lib/testing/index.js";
import { Residue } from "../../e2e/support/residue.js";
import { networksOf, sweepAfterKilledRun, sweepProject } from "../../e2e/support/test-stack.js";

/**
 * The life of a platform whose machines are this host's: what is left of them is what this host shows, and what else is
 * asked for.
 */
export function hostLife(
    life: Pick<PlatformLife, "module" | "className" | "args" | "cluster" | "settings">,
    others: () => Promise<readonly string[]> = async () => [],
): PlatformLife {
    let residue: Residue | undefined;
    let isMarked = false;
    return {
        ...life,
        skip: process.getuid?.() === 0 ? false : "needs root",
        async settings(folder) {
            await sweepAfterKilledRun(`conform-${life.className.toLowerCase()}/test`);
            return (await life.settings?.(folder)) ?? {};
        },
        async left(folder) {
            const networks = await networksOf(folder);
            residue ??= new Residue();
            if (networks.length > 0) {
                await residue.mark(networks);
                isMarked = true;
            }
            return [...(isMarked ? await residue.left() : networks), ...(await others())];
        },
        sweep: sweepProject,
    };
}
