import { bulkhead } from "cockatiel";
import { messageOf } from "./handler.js";
import {
    bringGroup,
    type GroupPlan,
    type GroupStep,
    isAmiss,
    removeGroups,
} from "./service-groups.js";
import type { ServiceTools } from "./service-tools.js";
import { someOf } from "./unit-groups.js";
import { unitOf } from "./wanted-unit.js";

/** Part of an operation's time that is kept for putting old texts back, and the most milliseconds of it. */
const RESERVE = { part: 0.25, most: 30_000 };

/** How a roll ended. */
export interface RollOutcome {
    /** The groups that run the new text. */
    readonly rolled: readonly GroupPlan[];
    /** What went wrong, in sentences; absent where nothing did. */
    readonly failure?: string;
}

/**
 * Replaces the texts of groups that run, a few at once. The first that fails stops the roll, and gets its old
 * texts back; with `onFailure: "revert"` the others do too. A global unit is one group: fleet replaces
 * it everywhere at once.
 */
export async function rollGroups(
    tools: ServiceTools,
    plans: readonly GroupPlan[],
): Promise<RollOutcome> {
    const { inputs, context, watch } = tools;
    const { parallel, onFailure } = inputs.rollout;
    const left = Math.max(0, context.deadline - Date.now());
    const deadline = context.deadline - Math.min(RESERVE.most, left * RESERVE.part);
    const rolled: GroupPlan[] = [];
    const failures: { told: string }[] = [];
    const roll = async (plan: GroupPlan): Promise<void> => {
        if (failures.length > 0) {
            return;
        }
        try {
            await bringGroup(tools, plan, { deadline });
            rolled.push(plan);
            watch.stage = `rolled ${rolled.length} of ${plans.length}`;
        } catch (cause) {
            const failure = { told: await tools.explain(cause) };
            failures.push(failure);
            failure.told += `\n${await restore(tools, plan)}`;
        }
    };
    const atOnce = bulkhead(parallel, Number.POSITIVE_INFINITY);
    watch.stage = `rolled 0 of ${plans.length}`;
    await Promise.all(plans.map((plan) => atOnce.execute(() => roll(plan))));
    watch.stage = "";
    if (failures.length === 0) {
        return { rolled };
    }
    const texts = failures.map(({ told }) => told);
    if (onFailure === "revert" && rolled.length > 0) {
        const told = await Promise.all(
            rolled.map((plan) => atOnce.execute(() => restore(tools, plan))),
        );
        return { rolled: [], failure: [...texts, ...told].join("\n") };
    }
    const untouched = plans.length - rolled.length - failures.length;
    const others =
        rolled.length === 0
            ? "no other instance was touched."
            : `${someOf(rolled.flatMap(namesOf))} already ${rolled.length === 1 ? "runs" : "run"} the new text` +
              (untouched === 0 ? "." : ", the rest the old one.");
    return { rolled, failure: `${texts.join("\n")}; ${others}` };
}

/** Gives a group back what stood of it before, and says how that went. */
export async function restore(tools: ServiceTools, plan: GroupPlan): Promise<string> {
    const isOne = plan.steps.length === 1;
    const told = `${someOf(namesOf(plan))} ${isOne ? "was given its old text" : "were given their old texts"} back`;
    const deadline = Math.max(tools.context.deadline, Date.now() + RESERVE.most / 2);
    const first = plan.steps.findIndex(isAmiss);
    const added = plan.steps.filter(({ standing }) => standing === undefined);
    const steps = plan.steps.flatMap(({ wanted, standing }, index): GroupStep[] => {
        if (standing === undefined) {
            return [];
        }
        const { options = [], desiredState = wanted.state } = standing;
        const old = unitOf(wanted.name, options, desiredState, wanted.isTriggered);
        // What was touched may have been stopped on the way, whatever its text.
        const isDown = index >= first && old.hash === wanted.hash;
        return [{ wanted: old, standing: { ...standing, options: wanted.options }, isDown }];
    });
    try {
        await removeGroups(tools, [{ units: added.map(({ wanted }) => wanted.name) }], deadline);
        await bringGroup(tools, { ...plan, steps }, { deadline, isChecked: false });
        return told;
    } catch (cause) {
        return `${told}, and ${isOne ? "does" : "do"} not run: ${messageOf(cause)}`;
    }
}

function namesOf({ steps }: GroupPlan): string[] {
    return steps.map(({ wanted }) => wanted.name);
}
