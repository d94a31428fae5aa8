import type { FleetApiUnit } from "../clients/fleet.js";
import { messageOf, type OperationContext, PartialFailureError } from "./handler.js";
import { changesOf, foreignUnits, type ServiceChanges } from "./service-changes.js";
import { bringGroup, type GroupPlan, isOfOtherText, removeGroups } from "./service-groups.js";
import type { ServiceInputs, ServiceState } from "./service-inputs.js";
import { findUnplaceable, whyUnplaced } from "./service-placement.js";
import { restore, rollGroups } from "./service-roll.js";
import { type ServiceTools, withTools } from "./service-tools.js";
import { declaredOptions, templatesOf, unitOf } from "./wanted-unit.js";

/** Most failures that a message names. */
const MOST = 5;

/** Brings fleet from what stands to what was declared: mends, rolls, adds, then removes. */
export function bringService(
    before: ServiceState | undefined,
    inputs: ServiceInputs,
    context: OperationContext,
): Promise<ServiceState> {
    return withTools(inputs, context, async (tools) => {
        const { fleet } = tools;
        const standing = await tools.retrying("fleet's list of units", () => fleet.units());
        rejectForeign(inputs, standing);
        const states = await tools.retrying("fleet's list of states", () => fleet.states());
        const changes = changesOf(inputs, standing, states);
        const done = new Set<string>();
        const failure = await bringAll(tools, changes, before, done);
        if (failure === undefined) {
            return { ...inputs, outdated: [] };
        }
        const outdated = inputs.units.filter((name) => !done.has(name));
        const state = { ...inputs, outdated };
        throw new PartialFailureError(failure, { id: before?.owner ?? inputs.owner, state });
    });
}

/** Does all of it, up to what fails. Notes the units that are as they should be; tells what went wrong. */
async function bringAll(
    tools: ServiceTools,
    { down, roll, bring, right, surplus }: ServiceChanges,
    before: ServiceState | undefined,
    done: Set<string>,
): Promise<string | undefined> {
    const { inputs, watch } = tools;
    watch.whyUnplaced = () => whyUnplaced(tools);
    const note = (plans: readonly GroupPlan[]): void => {
        for (const { wanted } of plans.flatMap(({ steps }) => steps)) {
            done.add(wanted.name);
        }
    };
    try {
        const mended = await bringGroups(tools, [...down, ...right], before);
        note(mended.done);
        if (mended.failure !== undefined) {
            return mended.failure;
        }
        const stuck = roll.length === 0 ? new Map<string, string>() : await findUnplaceable(tools);
        const hasPlace = ({ steps }: GroupPlan): boolean =>
            steps.every(({ wanted }) => !stuck.has(wanted.name));
        const rolled = await rollGroups(tools, roll.filter(hasPlace));
        note(rolled.rolled);
        if (rolled.failure !== undefined) {
            return rolled.failure;
        }
        const names = surplus.flatMap(({ units }) => units);
        const first = await isInTheWay(tools, bring, names);
        if (first) {
            await removeGroups(tools, surplus);
        }
        const brought = await bringGroups(tools, bring);
        note(brought.done);
        // Not before: instances have their texts themselves, and agents are deaf for a second after each new text.
        for (const name of templatesOf(inputs)) {
            const options = declaredOptions(name, inputs);
            await tools.put(name, options, "inactive");
            watch.touchstone = unitOf(name, options, "inactive");
        }
        const kept = roll
            .filter((plan) => !hasPlace(plan))
            .flatMap(({ steps }) =>
                steps.flatMap(({ wanted: { name } }) =>
                    stuck.has(name)
                        ? [
                              `${name} keeps its old text: its new one can't be placed: ${stuck.get(name)}`,
                          ]
                        : [],
                ),
            );
        const failures = [brought.failure ?? [], kept].flat();
        if (failures.length > 0) {
            return failures.join("\n");
        }
        if (!first) {
            await removeGroups(tools, surplus);
        }
        return undefined;
    } catch (cause) {
        return tools.explain(cause);
    }
}

/** Brings groups that lose nothing by it, all at once; one that fails holds up no other. */
async function bringGroups(
    tools: ServiceTools,
    plans: readonly GroupPlan[],
    before?: ServiceState,
): Promise<{ readonly done: GroupPlan[]; readonly failure?: string }> {
    const done: GroupPlan[] = [];
    const failed: { readonly plan: GroupPlan; readonly cause: unknown }[] = [];
    tools.watch.stage = plans.length > 1 ? `0 of ${plans.length} done` : "";
    await Promise.all(
        plans.map(async (plan) => {
            try {
                await bringGroup(tools, plan);
                done.push(plan);
            } catch (cause) {
                failed.push({ plan, cause });
            }
            tools.watch.stage = plans.length > 1 ? `${done.length} of ${plans.length} done` : "";
        }),
    );
    tools.watch.stage = "";
    const [first, ...others] = failed;
    if (first === undefined) {
        return { done };
    }
    const messages = [await tools.explain(first.cause)];
    for (const { cause } of others.slice(0, MOST - 1)) {
        messages.push(messageOf(cause));
    }
    const more = others.length - (MOST - 1);
    if (more > 0) {
        messages.push(`and ${more} more of ${plans.length}`);
    }
    for (const { plan } of failed) {
        const old = before === undefined ? undefined : asItWas(plan, before);
        if (old !== undefined) {
            messages.push(await restore(tools, old));
        }
    }
    return { done, failure: messages.join("\n") };
}

/**
 * A group with the texts that it had before an operation that was cut off in the middle of a roll; `undefined` where
 * they are the same.
 */
function asItWas(plan: GroupPlan, before: ServiceState): GroupPlan | undefined {
    if (plan.steps.some(isOfOtherText)) {
        return undefined;
    }
    const steps = plan.steps.map((step) => {
        if (step.standing === undefined || !before.units.includes(step.wanted.name)) {
            return step;
        }
        const options = declaredOptions(step.wanted.name, before);
        return { ...step, isDown: false, standing: { ...step.standing, options } };
    });
    return steps.some(isOfOtherText) ? { ...plan, steps } : undefined;
}

/** Whether units that go leave the room that others need. */
async function isInTheWay(
    tools: ServiceTools,
    bring: readonly GroupPlan[],
    surplus: readonly string[],
): Promise<boolean> {
    if (bring.length === 0 || surplus.length === 0) {
        return false;
    }
    const now = await findUnplaceable(tools);
    const later = now.size === 0 ? now : await findUnplaceable(tools, surplus);
    return later.size < now.size;
}

function rejectForeign(inputs: ServiceInputs, standing: readonly FleetApiUnit[]): void {
    const foreign = inputs.adopt ? [] : foreignUnits(inputs, standing);
    if (foreign.length > 0) {
        const named = foreign.map(
            ({ name, owner }) => `${name} (${owner === "" ? "made by hand" : `of ${owner}`})`,
        );
        throw new Error(
            `fleet already has ${named.join(", ")}, which this stack did not make; choose another name, ` +
                `remove ${foreign.length === 1 ? "it" : "them"} with fleetctl destroy, or take ${foreign.length === 1 ? "it" : "them"} over with \`adopt: true\``,
        );
    }
}
