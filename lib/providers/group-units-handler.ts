import type { SshSession } from "../clients/ssh.js";
import { firstContact } from "./first-contact.js";
import { fleetArrival, machineIdOf } from "./fleet-arrival.js";
import type { GroupMachine, GroupUnitsInputs, GroupUnitsState } from "./group-units-inputs.js";
import {
    messageOf,
    type OperationContext,
    PartialFailureError,
    type ResourceHandler,
} from "./handler.js";
import { MachineUnits } from "./machine-units.js";
import { deliverMemberList } from "./member-list-delivery.js";

/** Milliseconds that one machine has to take a connection, beyond the first attempt. */
const REACH = 60_000;

/**
 * Brings the units of a group's cloud-config to its machines, one machine after the other, each until its units run.
 * The cloud-config stays what a machine applies at boot.
 */
export const groupUnitsHandler: ResourceHandler<GroupUnitsInputs, GroupUnitsState> = {
    diff(_id, state, inputs) {
        const relevant = ({ group, units, rest, inPlace, machines }: GroupUnitsInputs) =>
            JSON.stringify([
                group,
                units,
                rest,
                inPlace,
                machines?.map((machine) => [
                    machine?.name,
                    machine?.instance,
                    machine?.privateIp,
                    machine?.publicIp,
                ]),
            ]);
        return { changes: relevant(state) !== relevant(inputs) || state.pending.length > 0 };
    },
    async create(inputs, context) {
        return { id: inputs.group, state: await bring(undefined, inputs, context) };
    },
    read: async (id, state) => ({ id, state }),
    async update(_id, state, inputs, context) {
        if (inputs.inPlace && state.rest !== inputs.rest) {
            context.warn(
                "more than units has changed in the cloud-config: machines that run take the rest at their next boot",
            );
        }
        return bring(state, inputs, context);
    },
    // The units go with their machines, and stay where the cloud-config still has them.
    delete: async () => undefined,
};

async function bring(
    before: GroupUnitsState | undefined,
    inputs: GroupUnitsInputs,
    context: OperationContext,
): Promise<GroupUnitsState> {
    const isKnown = ({ name, instance }: Pick<GroupMachine, "name" | "instance">): boolean =>
        before?.machines.some((one) => one.name === name && one.instance === instance) === true &&
        !(before.pending.includes(name) && before.applied.length === 0);
    // At a cluster's first start there is no fleet before all machines are there.
    const isArrival = ({ name, instance, fleet }: GroupMachine): boolean =>
        !inputs.inPlace &&
        fleet === true &&
        before?.machines.some((one) => one.name === name) === true &&
        (before.pending.includes(name) || !isKnown({ name, instance }));
    const hostKeys: Record<string, string> = {};
    const machineIds: Record<string, string> = { ...before?.machineIds };
    const done: string[] = [];
    const written: string[] = [];
    for (const machine of inputs.machines) {
        try {
            const hostKey = machine.hostKey ?? before?.hostKeys[machine.instance];
            const session = await firstContact(
                inputs.connection,
                { ...machine, hostKey },
                {
                    deadline: Math.min(context.deadline, Date.now() + REACH),
                    onWaiting: (seen) => context.progress(`${machine.name}: ${seen}`),
                },
            );
            try {
                hostKeys[machine.instance] = session.hostKey;
                const names = await new MachineUnits(session, context).bring({
                    before: before?.applied ?? [],
                    units: inputs.units,
                    addresses: {
                        private_ipv4: machine.privateIp,
                        ...(machine.publicIp === undefined
                            ? {}
                            : { public_ipv4: machine.publicIp }),
                    },
                    isKnown: isKnown(machine),
                    write: inputs.inPlace,
                });
                if (isArrival(machine)) {
                    await settle(session, inputs, machineIds[machine.name], context);
                }
                machineIds[machine.name] = await machineIdOf(session);
                done.push(machine.name);
                written.push(...(names.length > 0 ? [machine.name] : []));
                context.progress(`${done.length} of ${inputs.machines.length} machines run them`);
            } finally {
                session.close();
            }
        } catch (cause) {
            const pending = inputs.machines
                .map(({ name }) => name)
                .filter((name) => !done.includes(name));
            const state: GroupUnitsState = {
                ...inputs,
                applied: before?.applied ?? [],
                pending,
                hostKeys: { ...before?.hostKeys, ...hostKeys },
                machineIds,
            };
            const message = `${messageOf(cause)}\n${aftermath(inputs, written, pending)}`;
            throw new PartialFailureError(message, { id: inputs.group, state });
        }
    }
    return { ...inputs, applied: inputs.units, pending: [], hostKeys, machineIds };
}

/** Has a machine that took another's place find the cluster, and run what fleet gives it. */
async function settle(
    session: SshSession,
    { memberList }: GroupUnitsInputs,
    predecessor: string | undefined,
    context: OperationContext,
): Promise<void> {
    if (memberList !== undefined) {
        await deliverMemberList({ session: async () => session }, memberList, false);
    }
    await fleetArrival(session, predecessor, context);
}

/** What a roll that stopped leaves. */
function aftermath(
    { inPlace }: GroupUnitsInputs,
    written: readonly string[],
    [, ...waiting]: readonly string[],
): string {
    if (!inPlace) {
        return "The machines after it were left alone.";
    }
    const others =
        written.length === 0
            ? "No other machine was touched"
            : `${written.join(", ")} ${written.length === 1 ? "runs" : "run"} the new units${
                  waiting.length === 0 ? "" : `, ${waiting.join(", ")} the old ones`
              }`;
    return `${others}; at a boot each takes what its cloud-config has, which is the new text.`;
}
