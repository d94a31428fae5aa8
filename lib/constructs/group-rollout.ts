import * as pulumi from "@pulumi/pulumi";
import type { CloudConfig } from "../cloud-config/index.js";
import type { Connection } from "../connection.js";
import type { PlannedMachine } from "../plan/index.js";
import type { CreatedMachine, MachineOrder } from "../platform.js";
import type { GroupMachine } from "../providers/group-units-inputs.js";
import type { ReadyMachine } from "../providers/readiness-inputs.js";
import { GroupUnits } from "./group-units.js";
import type { DeepInput } from "./inputs.js";
import type { MemberMark } from "./member-mark.js";

/** A machine of the plan as the platform made it. */
export type MadeMachine = CreatedMachine & {
    readonly machine: PlannedMachine;
    readonly sshAddress: pulumi.Output<string>;
};

/** What the rollouts of a cluster's groups have in common. */
export interface RolloutSettings {
    readonly cluster: string;
    /** User-data by group. */
    readonly userData: Readonly<Record<string, pulumi.Output<string>>>;
    /** The library's own documents by group. */
    readonly documents: Readonly<Record<string, CloudConfig>>;
    readonly connection: DeepInput<Omit<Connection, "hosts">>;
    /** The list of etcd members, for machines that wait for it. */
    readonly memberList?: (made: readonly MadeMachine[]) => pulumi.Output<string>;
    readonly parent: pulumi.Resource;
}

/**
 * Where machines are made anew one by one, each waits until the units of the one before it in its group run; a member,
 * until the one before it is a healthy member.
 */
export function replacementOrder(
    settings: RolloutSettings,
    ofMembers: MachineOrder | undefined,
    mark: MemberMark,
): MachineOrder {
    const last = new Map<string, pulumi.Resource>();
    const members: MadeMachine[] = [];
    return {
        before(machine, from) {
            if (machine.role === "member") {
                mark.note(from);
            }
            return machine.role === "member" && ofMembers !== undefined
                ? ofMembers.before(machine, from)
                : [last.get(machine.group) ?? []].flat();
        },
        made(machine, created) {
            const { name, group, role, rollout, fleet } = machine;
            const made = { ...withSshAddress(created), machine };
            if (role === "member") {
                members.push(made);
            }
            if (role === "member" && ofMembers !== undefined) {
                ofMembers.made(machine, created);
            } else if (rollout === "replace") {
                const one = { ...groupMachine(made), ...(fleet ? { fleet } : {}) };
                const list = settings.memberList?.(members);
                last.set(group, unitsOf(settings, `${name}-units`, group, [one], false, list));
            }
        },
    };
}

/** Brings changed units to the machines of each group that takes them in place, once the cluster is ready. */
export function rollInPlace(
    settings: RolloutSettings,
    made: readonly MadeMachine[],
    ready: pulumi.Output<readonly ReadyMachine[]>,
): GroupUnits[] {
    const inPlace = made.filter(({ machine }) => machine.rollout === "in-place");
    return [...new Set(inPlace.map(({ machine }) => machine.group))].map((group) => {
        const machines = inPlace.filter(({ machine }) => machine.group === group);
        const inputs = machines.map((one) => ({
            ...groupMachine(one),
            hostKey: ready.apply((all) => hostKeyOf(all, one.machine.name)),
        }));
        return unitsOf(settings, `${settings.cluster}-${group}-units`, group, inputs, true);
    });
}

function unitsOf(
    { cluster, userData, documents, connection, parent }: RolloutSettings,
    name: string,
    group: string,
    machines: readonly DeepInput<GroupMachine>[],
    inPlace: boolean,
    memberList?: pulumi.Output<string>,
): GroupUnits {
    const text = userData[group] ?? pulumi.output("");
    const base = documents[group] ?? {};
    return new GroupUnits(
        name,
        {
            group: `${cluster}/${group}`,
            text,
            base,
            inPlace,
            machines,
            ...(memberList === undefined ? {} : { memberList }),
            connection,
        },
        { parent },
    );
}

/** The machine with the address at which SSH reaches it. */
export function withSshAddress(
    machine: CreatedMachine,
): CreatedMachine & { readonly sshAddress: pulumi.Output<string> } {
    const sshAddress = machine.sshAddress ?? machine.publicIp ?? machine.privateIp;
    return { ...machine, sshAddress };
}

function groupMachine({ machine, id, sshAddress, privateIp, publicIp }: MadeMachine) {
    return {
        name: machine.name,
        instance: id,
        sshAddress,
        privateIp,
        ...(publicIp === undefined ? {} : { publicIp }),
    };
}

function hostKeyOf(ready: readonly ReadyMachine[], machine: string): string {
    return ready.find(({ name }) => name === machine)?.hostKey ?? "";
}
