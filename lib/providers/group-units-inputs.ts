import type { Unit } from "../cloud-config/index.js";
import type { Connection } from "../connection.js";

/** A machine of a group whose units are looked after. */
export interface GroupMachine {
    readonly name: string;
    /** Identity of its disk: another one was made from the text of today. */
    readonly instance: string;
    /** Address at which SSH reaches it. */
    readonly sshAddress: string;
    /** Stands in for `$private_ipv4`. */
    readonly privateIp: string;
    /** Stands in for `$public_ipv4`. */
    readonly publicIp?: string;
    /** Whether fleet runs units there, which a machine made anew takes over before the next one goes. */
    readonly fleet?: boolean;
    /** The host key that it must show, where it is known; else the one shown at first contact. */
    readonly hostKey?: string;
}

/** The units of a group's cloud-config, and the machines that run them. */
export interface GroupUnitsInputs extends Record<string, unknown> {
    /** The cluster's name and the group's: `demo/web`. */
    readonly group: string;
    /** As they stand in the group's text; those of the library itself are not among them. */
    readonly units: readonly Unit[];
    /** Changes with whatever else stands in the text. */
    readonly rest: string;
    /** Whether changed units are written over SSH; else each machine was made anew with them. */
    readonly inPlace: boolean;
    /** In the order in which they are changed. */
    readonly machines: readonly GroupMachine[];
    /** Text of the list of etcd members, where machines wait for it: one made anew gets it before the rest is ready. */
    readonly memberList?: string;
    /** How the machines are reached; its hosts follow from the machines. */
    readonly connection: Omit<Connection, "hosts">;
}

/** What is remembered of a group's units. */
export interface GroupUnitsState extends GroupUnitsInputs {
    /** The units that every machine runs which is not `pending`, or ran before the roll that was cut off. */
    readonly applied: readonly Unit[];
    /** Names of the machines that were not seen to run `units`. */
    readonly pending: readonly string[];
    /** The host key that each disk's machine showed at first contact. */
    readonly hostKeys: Readonly<Record<string, string>>;
    /** `/etc/machine-id` of each machine that was seen to run its units, by name. */
    readonly machineIds?: Readonly<Record<string, string>>;
}
