import type { Connection } from "../connection.js";

/** A machine whose readiness is looked at. */
export interface ReadinessMachine {
    readonly name: string;
    readonly role: "member" | "worker";
    /** Address at which SSH reaches it. */
    readonly sshAddress: string;
    readonly privateIp: string;
    /** Identity of its disk: another one has another host key. */
    readonly instance: string;
    /** Changes whenever the platform started it again. */
    readonly started?: string | number;
    /** Whether it runs etcd, or its proxy; default as the cluster does. */
    readonly etcd?: boolean;
    /** Whether it runs fleet; default as the cluster does. */
    readonly fleet?: boolean;
}

/** What members are made from, and what brings a change of it to one that is there. */
export interface MemberText {
    /** Changes with text, image, keys and size. */
    readonly mark: string;
    /** Whether a machine takes a new text at its next boot, or keeps the one that it was made with. */
    readonly appliedBy: "boot" | "replacement";
}

/** What a cluster must show before it counts as ready. */
export interface ReadinessInputs extends Record<string, unknown> {
    readonly cluster: string;
    readonly machines: readonly ReadinessMachine[];
    readonly etcd: boolean;
    readonly fleet: boolean;
    /** Text of the list of etcd members that each machine waits for, where it is delivered. */
    readonly memberList?: string;
    /** Whether the machines fetch etcd and fleet first. */
    readonly binaries?: boolean;
    /** Whether the machines' addresses are those of a network that this host may be outside of. */
    readonly privateOnly?: boolean;
    /** What the members are made from today. */
    readonly memberText?: MemberText;
    /** How the machines are reached; its hosts follow from the machines. */
    readonly connection: Omit<Connection, "hosts">;
}

/** What is remembered of a machine that was ready. */
export interface ReadyMachine {
    readonly name: string;
    readonly instance: string;
    /** `/etc/machine-id`, which is fleet's machine id too. */
    readonly machineId: string;
    readonly hostKey: string;
    /** The mark of what it runs; absent where that is not known. */
    readonly mark?: string;
}

/** What is remembered of a cluster that was ready. */
export interface ReadinessState extends ReadinessInputs {
    readonly ready: readonly ReadyMachine[];
    /** When the mark of `memberText` was a new one, in milliseconds since the epoch. */
    readonly markedAt?: number;
}
