import type { Connection } from "../connection.js";

/** A member of a cluster whose members are made anew one by one. */
export interface RollMember {
    readonly name: string;
    /** Identity of its disk. */
    readonly instance: string;
    /** Address at which SSH reaches it. */
    readonly sshAddress: string;
    readonly privateIp: string;
    /** The host key that it must show, where it is known; else the one shown at first contact. */
    readonly hostKey?: string;
    /** Its `/etc/machine-id`, where it was seen. */
    readonly machineId?: string;
}

/** The pause between two members, before the first and after the last. */
export interface MemberRollInputs extends Record<string, unknown> {
    /** The cluster's name, for messages. */
    readonly cluster: string;
    /** The member that was made just now; absent before the first. */
    readonly turn?: string;
    /** Changes with whatever makes a member anew: text, image, keys. */
    readonly mark: string;
    /** Names of the members after this pause that are to be made anew, in order. */
    readonly pending: readonly string[];
    /** The member as it was before its turn; absent before the first, and where it is new. */
    readonly replaced?: RollMember;
    /** The members up to the one whose turn it was. */
    readonly made: readonly RollMember[];
    /** The members after it, as the state had them before this update; none where the cluster was never ready. */
    readonly known: readonly RollMember[];
    /** Whether the cluster has been ready: a first start must not wait for a quorum that can't be there yet. */
    readonly hasBegun: boolean;
    /** Whether the member whose turn it was runs fleet. */
    readonly fleet: boolean;
    /** Whether the list of members is put onto each machine. */
    readonly delivered: boolean;
    /** Whether the machines fetch etcd and fleet first. */
    readonly binaries: boolean;
    /** How the machines are reached; its hosts follow from the members. */
    readonly connection: Omit<Connection, "hosts">;
}

/** What is remembered of a pause. */
export interface MemberRollState extends MemberRollInputs {
    /** The host key that the member showed whose turn it was; empty where it was not asked. */
    readonly hostKey: string;
    /** `/etc/machine-id` of that member; empty where it was not asked. */
    readonly machineId: string;
}
