import * as pulumi from "@pulumi/pulumi";
import type { MemberRollState, RollMember } from "../providers/member-roll-inputs.js";
import type { ReadinessState } from "../providers/readiness-inputs.js";
import { PROVIDERS, resourceType } from "../providers/tokens.js";

/** What the stack's state had of a cluster before this update. */
export interface RememberedCluster {
    /** Its members where they were last seen, by name; none where it was never ready. */
    readonly members: Readonly<Record<string, RollMember>>;
    /** What each member was made from, by name, as far as that is remembered. */
    readonly marks: Readonly<Record<string, string>>;
}

/** Pulumi's own function, as `pulumi.runtime` has it for queries: the last outputs of every resource of a stack. */
const READ_OUTPUTS = "pulumi:pulumi:readStackResourceOutputs";

interface Remembered {
    readonly type: string;
    readonly outputs: Record<string, unknown>;
}

/**
 * Looks into the stack's own last state: the first member of a chain can depend on no other, and must know how the rest
 * are reached all the same. Opens no connection but that to the backend.
 */
export async function rememberedCluster(cluster: string): Promise<RememberedCluster> {
    const answer = await pulumi.runtime.invoke(READ_OUTPUTS, { stackName: pulumi.getStack() }, {});
    return rememberedIn(cluster, Object.values(answer?.outputs ?? {}));
}

/** What these resources say of a cluster. */
export function rememberedIn(cluster: string, resources: readonly Remembered[]): RememberedCluster {
    const ofType = <State>(type: string): State[] =>
        resources
            .filter((one) => one.type === type && one.outputs["cluster"] === cluster)
            .map(({ outputs }) => outputs as State);
    const [ready] = ofType<ReadinessState>(resourceType(PROVIDERS.readiness));
    const members: Record<string, RollMember> = {};
    const marks: Record<string, string> = {};
    for (const machine of ready?.machines ?? []) {
        const { name, instance, sshAddress, privateIp, role } = machine;
        const seen = ready?.ready?.find((one) => one.name === name && one.instance === instance);
        if (role === "member" && seen !== undefined) {
            const { hostKey, machineId } = seen;
            members[name] = { name, instance, sshAddress, privateIp, hostKey, machineId };
        }
    }
    const begun = Object.keys(members).length > 0;
    for (const { turn = "", mark, made, hostKey, machineId } of ofType<MemberRollState>(
        resourceType(PROVIDERS.memberRoll),
    )) {
        const member = made?.find(({ name }) => name === turn);
        if (member !== undefined) {
            marks[turn] = mark;
            if (begun && hostKey) {
                members[turn] = { ...member, hostKey, machineId };
            }
        }
    }
    return { members, marks };
}
