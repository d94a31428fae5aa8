import type * as pulumi from "@pulumi/pulumi";
import { type EtcdPeer, renderMemberList } from "../etcd/index.js";
import { type PlannedMachine, SCHEME } from "../plan/index.js";
import type { CreatedMachine } from "../platform.js";
import { withSshAddress } from "./group-rollout.js";
import { resolved } from "./inputs.js";

/** A machine of the plan as the platform made it. */
export interface MadeMachine extends CreatedMachine {
    readonly machine: PlannedMachine;
    readonly sshAddress: pulumi.Output<string>;
}

/**
 * The machines of the plan with what the platform made of them.
 *
 * @throws Error for a machine that it did not make
 */
export function madeMachines(
    plan: readonly PlannedMachine[],
    created: Readonly<Record<string, CreatedMachine>>,
): MadeMachine[] {
    return plan.map((machine) => {
        const made = created[machine.name];
        if (made === undefined) {
            throw new Error(`the platform did not make machine ${machine.name}`);
        }
        return { ...withSshAddress(made), machine };
    });
}

/** What is delivered to the machines once they are made. */
export function memberList(made: readonly MadeMachine[]): pulumi.Output<string> {
    const peers = made
        .filter(({ machine }) => machine.role === "member")
        .map(({ machine, privateIp }) => ({ name: machine.name, address: privateIp }));
    return resolved<EtcdPeer[]>(peers).apply((all) => renderMemberList(SCHEME, all));
}
