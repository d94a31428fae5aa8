import type * as pulumi from "@pulumi/pulumi";
import type { Architecture } from "./binaries/index.js";
import type { CloudConfig } from "./cloud-config/index.js";
import type { ClusterShape, PlannedMachine } from "./plan/shape.js";
import type { Problem } from "./problem.js";

/** What holds for every machine of a platform; the plan and the checks go by it. */
export interface PlatformTraits {
    /** The platform's name, for messages. */
    readonly name: string;
    /** Most bytes of user-data that it takes, and whether they may be gzipped. */
    readonly userData: { readonly limit: number; readonly gzip: boolean };
    /** Whether machines have a public IPv4 address, and so `$public_ipv4`. */
    readonly publicIpv4: boolean;
    /** Whether machines have none but addresses of a network that the program's own host may be outside of. */
    readonly privateOnly?: boolean;
    /** Whether a machine that runs takes a new text at its next boot; default it keeps the one that it was made with. */
    readonly userDataAtBoot?: boolean;
    /** User that the SSH keys are for; `core` on CoreOS and Flatcar. */
    readonly user: string;
    /** Whether its images have etcd and fleet in `/opt/bin`, so that machines fetch nothing; default false. */
    readonly hasBinaries?: boolean;
}

/** What a platform knows of a cluster before anything is made. */
export interface PlatformPlan {
    /** Private address of each machine by name, where the platform can promise it. */
    readonly addresses?: Readonly<Record<string, string>>;
    /** Processor of each group's machines; default amd64. */
    readonly architectures?: Readonly<Record<string, Architecture>>;
    /** What a group's machines need on this platform, merged into the library's own document. */
    readonly documents?: Readonly<Record<string, CloudConfig>>;
    /** What the platform can't do of what was asked. */
    readonly problems: readonly Problem[];
}

/** What a platform is asked to make. */
export interface MachinesRequest {
    /** The topology, which has passed the checks. */
    readonly shape: ClusterShape;
    /** The machines to make, members first. */
    readonly machines: readonly PlannedMachine[];
    /** The text of each group's user-data, by the group's name. */
    readonly userData: Readonly<Record<string, pulumi.Output<string>>>;
    /** Public keys that log in as the platform's user, for the cloud's own key mechanism; how many is known. */
    readonly sshAuthorizedKeys: readonly pulumi.Output<string>[];
    /** Keeps machines whose `rollout` is `replace` from being made anew two at once. */
    readonly order: MachineOrder;
    /** Parent of every resource that is made. */
    readonly parent: pulumi.ComponentResource;
}

/** What machines wait for. Each is asked for in turn, and handed over once it is declared. */
export interface MachineOrder {
    /**
     * What the machine must depend on; for most of them nothing.
     *
     * @param from what makes the machine anew beside its text: image, keys. Members are rolled, and said to be old, by it
     */
    before(machine: PlannedMachine, from?: pulumi.Input<unknown>): pulumi.Resource[];
    /** Notes that the machine is declared. */
    made(machine: PlannedMachine, created: CreatedMachine): void;
}

/** A machine that a platform made. */
export interface CreatedMachine {
    /** The cloud's id of it: another one means another disk, and another host key. */
    readonly id: pulumi.Output<string>;
    /** Changes whenever the platform started the machine again; readiness is then checked again. */
    readonly started?: pulumi.Output<string | number>;
    /** Address inside the cluster's network. */
    readonly privateIp: pulumi.Output<string>;
    /** Address for clients outside; absent where there is none. */
    readonly publicIp?: pulumi.Output<string>;
    /** Address at which SSH reaches it. Default the public one, else the private one. */
    readonly sshAddress?: pulumi.Output<string>;
}

/** What a cloud must offer to carry a cluster. Services and topology are never its business. */
export interface Platform {
    /** What holds for every machine of it. */
    readonly traits: PlatformTraits;
    /** Looks at a topology; pure, and called at every preview. */
    plan(shape: ClusterShape, machines: readonly PlannedMachine[]): PlatformPlan;
    /** Makes the machines and whatever they share, by machine name. */
    create(request: MachinesRequest): Readonly<Record<string, CreatedMachine>>;
}
