import type { FleetApiUnit } from "../clients/fleet.js";
import { quoteShell } from "../clients/journal.js";
import { hashOptions } from "../fleet/index.js";
import { untilAnswers } from "./service-check.js";
import type { ServiceTools } from "./service-tools.js";
import { unitOf, type WantedUnit } from "./wanted-unit.js";

/** One unit of a group: how it is to be, and how it was found. */
export interface GroupStep {
    readonly wanted: WantedUnit;
    /** As fleet had it when the operation began. */
    readonly standing?: FleetApiUnit;
    /** Whether it has the right text and state in fleet, and does not run all the same. */
    readonly isDown: boolean;
}

/** What is to be done with the units of one instance. */
export interface GroupPlan {
    readonly instance: string;
    /** In the order in which the units start. */
    readonly steps: readonly GroupStep[];
}

/** Whether a unit has to be touched for it to be as it is wanted. */
export function isAmiss({ wanted, standing, isDown }: GroupStep): boolean {
    return isDown || isOfOtherText({ wanted, standing }) || standing?.desiredState !== wanted.state;
}

/** Whether fleet has another text of the unit, or none. */
export function isOfOtherText({
    wanted,
    standing,
}: Pick<GroupStep, "wanted"> & {
    readonly standing?: FleetApiUnit | undefined;
}): boolean {
    return standing === undefined || hashOptions(standing.options ?? []) !== wanted.hash;
}

/** How far a group is brought. */
export interface BringOptions {
    /** Milliseconds since the epoch. */
    readonly deadline?: number;
    /** Whether the service's check must be answered; default true. */
    readonly isChecked?: boolean;
}

/**
 * Brings the units of a group to what they should be, and waits until they are. From the first one that
 * has to be touched, those that stand are stopped in reverse order; then all are started in order:
 * systemd stops a unit that is bound to one that fleet replaces, and fleet, whose aim for it has not
 * changed, would not start it again (fleet 1.0.0, agent/reconcile.go).
 *
 * @throws UnitError
 */
export async function bringGroup(
    tools: ServiceTools,
    { steps }: GroupPlan,
    { deadline = tools.context.deadline, isChecked = true }: BringOptions = {},
): Promise<void> {
    const { watch } = tools;
    const isStarting = steps.some(({ wanted }) => wanted.state === "launched");
    const first = steps.findIndex(isAmiss);
    const right = first < 0 ? steps : steps.slice(0, first);
    const amiss = first < 0 ? [] : steps.slice(first);
    if (!isStarting) {
        for (const step of [...steps].reverse()) {
            const { wanted } = step;
            if (isAmiss(step)) {
                await tools.put(wanted.name, wanted.options, wanted.state);
            }
            await watch.until(wanted, deadline);
        }
        return;
    }
    for (const [index, step] of Array.from(amiss.entries()).reverse()) {
        await stop(tools, step, index > 0, deadline);
    }
    for (const [index, { wanted, standing, isDown }] of amiss.entries()) {
        if (index === 0 && !isDown) {
            await announce(tools, standing);
        }
        await tools.put(wanted.name, wanted.options, wanted.state);
        await watch.until(wanted, deadline);
    }
    await Promise.all(right.map(({ wanted }) => watch.until(wanted, deadline)));
    if (isChecked) {
        await checkGroup(tools, steps, deadline);
    }
}

/**
 * Has the agents look in a second, just before there is something to see. Of a new text they would hear that it came, which
 * is nothing to them, and then be deaf for a second to what they are to do with it (fleet 1.0.0, registry/event.go).
 */
async function announce(tools: ServiceTools, standing: FleetApiUnit | undefined): Promise<void> {
    if (standing?.desiredState !== undefined) {
        const { name, desiredState } = standing;
        await tools.fleet.touch(name, desiredState).catch(() => undefined);
    }
}

/** Takes a unit to where starting it starts it anew. */
async function stop(
    tools: ServiceTools,
    { wanted, standing, isDown }: GroupStep,
    isDependent: boolean,
    deadline: number,
): Promise<void> {
    const { name, options, isTriggered } = wanted;
    if (isDown && wanted.isGlobal) {
        await startWhereDown(tools, wanted);
        return;
    }
    if (!isDependent && !isDown) {
        return;
    }
    if (standing === undefined) {
        // Known to fleet at once, in case that one before it has to share a machine with it.
        await tools.put(name, options, "loaded");
        return;
    }
    const isPlaced = wanted.isGlobal || standing.machineID !== undefined;
    if (standing.desiredState === "inactive" || !isPlaced) {
        return;
    }
    const stopped = unitOf(name, options, "loaded", isTriggered);
    await announce(tools, standing);
    await tools.put(name, options, "loaded");
    await tools.watch.until(stopped, deadline);
    if (isDown) {
        await onMachines(tools, stopped, (unit) => `systemctl reset-failed -- ${unit}`);
    }
}

/**
 * Starts a global unit on the machines where it does not run: fleet could only stop it everywhere and start it
 * everywhere.
 */
function startWhereDown(tools: ServiceTools, wanted: WantedUnit): Promise<void> {
    return onMachines(
        tools,
        wanted,
        (unit) =>
            `sh -c 'systemctl is-active --quiet -- "$0" || { systemctl reset-failed -- "$0"; systemctl start --no-block -- "$0"; }' ${unit}`,
    );
}

/**
 * Runs a command on the machines of a unit. What systemd holds against a unit, a failure or too many starts of late
 * (systemd.unit(5), StartLimitBurst), fleet can't clear as long as it has the unit.
 */
async function onMachines(
    tools: ServiceTools,
    unit: WantedUnit,
    command: (quotedName: string) => string,
): Promise<void> {
    const facts = await tools.look.at([unit]);
    await Promise.all(
        (facts.get(unit.name)?.places ?? []).map(({ machineId }) =>
            tools.sessions.exec(machineId, `sudo -n ${command(quoteShell(unit.name))}`),
        ),
    );
}

async function checkGroup(
    tools: ServiceTools,
    steps: readonly GroupStep[],
    deadline: number,
): Promise<void> {
    const { check } = tools.inputs;
    const launched = steps.map(({ wanted }) => wanted).filter(({ state }) => state === "launched");
    const main = launched.find(({ name }) => name.endsWith(".service")) ?? launched[0];
    if (check === undefined || main === undefined) {
        return;
    }
    const facts = await tools.retrying(main.name, () => tools.look.at([main]));
    await Promise.all(
        (facts.get(main.name)?.places ?? []).map(({ machineId }) =>
            untilAnswers(check, tools.sessions, {
                unit: main.name,
                machineId,
                deadline,
                stillRuns: () => tools.watch.until(main, deadline),
                onWaiting: (seen) => tools.context.progress(seen),
            }),
        ),
    );
}

/** Takes the units of groups out of fleet: those of a group in reverse order, all groups side by side. */
export async function removeGroups(
    tools: ServiceTools,
    groups: readonly { readonly units: readonly string[] }[],
    deadline: number = tools.context.deadline,
): Promise<void> {
    await Promise.all(
        groups.map(async ({ units }) => {
            for (const name of [...units].reverse()) {
                await tools.destroy(name);
                await tools.watch.untilGone(unitOf(name, [], "inactive"), deadline);
            }
        }),
    );
}
