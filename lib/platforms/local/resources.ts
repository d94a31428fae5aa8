import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../../constructs/dynamic-resource.js";
import type { Rollout } from "../../plan/shape.js";
import { PROVIDERS } from "../../providers/tokens.js";

/** The machine image: Debian with what Flatcar has, built once and kept in the cache. */
export class LocalImage extends DynamicResource {
    /** Hash of the recipe. */
    declare readonly imageId: pulumi.Output<string>;

    constructor(name: string, opts: pulumi.CustomResourceOptions = {}) {
        const limits = { create: 1800, update: 1800, delete: 60 };
        super(PROVIDERS.localImage, name, {}, ["imageId", "root"], limits, opts);
    }
}

/** What a {@link LocalNetwork} is made from. */
export interface LocalNetworkArgs {
    /** Name that no other network on this host has. */
    readonly networkId: string;
    /** Name of the Linux bridge; at most 15 characters. */
    readonly bridge: string;
    /** `10.80.0.0/24`; the first host is the host itself. */
    readonly subnet: string;
    /** Machines that it is for; the host's kernel limits go by it. */
    readonly machines: number;
    /** `project/stack`; what an interrupted update left is found by it. */
    readonly owner: string;
}

/** A bridge with its firewall and outbound NAT. */
export class LocalNetwork extends DynamicResource {
    /** Name of the network on this host. */
    declare readonly networkId: pulumi.Output<string>;

    constructor(name: string, args: LocalNetworkArgs, opts: pulumi.CustomResourceOptions = {}) {
        const limits = { create: 60, update: 60, delete: 60 };
        super(PROVIDERS.localNetwork, name, { ...args }, [], limits, opts);
    }
}

/** What a {@link LocalMachine} is made from. */
export interface LocalMachineArgs {
    /** The network that the machine is in. */
    readonly networkId: pulumi.Input<string>;
    /** Name within its network. */
    readonly name: string;
    /** Host name, until user-data gives another one. */
    readonly hostname: string;
    /** With prefix length: `10.80.0.11/24`. */
    readonly address: string;
    /** The image that its disk begins as; {@link LocalImage.imageId}. */
    readonly imageId: pulumi.Input<string>;
    /** Handed to the agent at every boot; a change takes effect at the next. */
    readonly userData: pulumi.Input<string>;
    /** Public keys that may log in as `core`, handed to the agent beside the user-data. */
    readonly sshAuthorizedKeys: pulumi.Input<pulumi.Input<string>[]>;
    /** What new user-data does; default `reboot`: it waits for the next boot. `replace` makes the machine anew. */
    readonly rollout?: Rollout;
}

/** A systemd machine in a container (systemd-nspawn(1)), on a disk of its own. */
export class LocalMachine extends DynamicResource {
    /** Another one means another disk. */
    declare readonly instanceId: pulumi.Output<string>;
    /** When it was last started by us, in milliseconds since the epoch. */
    declare readonly started: pulumi.Output<number>;

    constructor(name: string, args: LocalMachineArgs, opts: pulumi.CustomResourceOptions = {}) {
        const limits = { create: 120, update: 120, delete: 60 };
        const outputs = ["instanceId", "machineId", "started"];
        super(PROVIDERS.localMachine, name, { ...args, running: true }, outputs, limits, opts);
    }
}
