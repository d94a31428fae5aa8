import type * as pulumi from "@pulumi/pulumi";
import type { DeepInput } from "./constructs/inputs.js";
import type { DiscoveryToken } from "./discovery.js";
import type { BootstrapKind, ClusterShape, GroupDocuments, GroupShape } from "./plan/index.js";
import type { Platform } from "./platform.js";

/** Texts that a user adds to machines; any part may be a Pulumi input, but no secret. */
export interface AdditionArgs {
    /** Units that systemd runs on each machine, without fleet (cloud-config: `coreos.units`). */
    readonly units?: DeepInput<NonNullable<GroupDocuments["units"]>>;
    /** Files that are written at every boot, before units start (cloud-config: `write_files`). */
    readonly files?: DeepInput<NonNullable<GroupDocuments["files"]>>;
    /** A cloud-config that is merged in last: its values win, its lists are appended. */
    readonly cloudConfig?: DeepInput<NonNullable<GroupDocuments["cloudConfig"]>>;
}

/** A group of machines: how many, what sets them apart, what they run, and what is added to them. */
export interface GroupArgs extends GroupShape, AdditionArgs {
    /**
     * Where these machines run; default, and for now the only one allowed, the cluster's own platform. Another is an
     * error of the preview while traffic between a cluster's machines is not encrypted.
     */
    readonly platform?: Platform;
}

/** How the machines are reached over SSH. */
export interface ConnectionArgs {
    /** Private key in OpenSSH's format; default a key that the cluster makes. Kept as a secret. */
    readonly privateKey?: pulumi.Input<string>;
    /** Path of the socket of an ssh-agent that has the key, instead of `privateKey`. */
    readonly agent?: string;
    /** A machine through which the others are reached (ssh_config: `ProxyJump`). */
    readonly jump?: {
        readonly name?: string;
        readonly address: pulumi.Input<string>;
        readonly port?: number;
        /** Default: the platform's user. */
        readonly user?: string;
        /** `type base64`; default the key shown at first contact. */
        readonly hostKey?: pulumi.Input<string>;
        /** Default: the connection's own. */
        readonly privateKey?: pulumi.Input<string>;
    };
}

/**
 * The members find each other by a discovery token: all of them must come before any of them starts, and a machine that
 * is cut off after it has registered and before that can't register again. Workers find them by their list. The token may expire
 * once the cluster runs.
 */
export interface DiscoveryBootstrap {
    /** The token, for as many members as the cluster has; or the URL of one that nobody has used. */
    readonly discovery: DiscoveryToken | pulumi.Input<string>;
}

/** An archive with programs that machines fetch: a tar archive, gzipped or not. */
export interface ArchiveArgs {
    /**
     * http or https, without credentials. Default the archive of the project's own release, from the mirror where
     * there is one.
     */
    readonly url?: pulumi.Input<string>;
    /** SHA-256 of the archive, in 64 hexadecimal digits. Nothing of another archive is ever used. */
    readonly sha256: pulumi.Input<string>;
}

/** One archive for all machines, or, where they have different processors, one for each of these. */
export type ArchivesArgs =
    | ArchiveArgs
    | {
          /** For Intel's and AMD's processors. */
          readonly amd64?: ArchiveArgs;
          /** For ARM processors, such as AWS's Graviton. */
          readonly arm64?: ArchiveArgs;
      };

/**
 * Where machines get etcd and fleet from. Each fetches them before its first start of etcd, and verifies them before
 * anything is unpacked; programs that are there already are left alone, so that a version stays pinned for as long as the
 * machine lives.
 */
export interface BinariesArgs {
    /**
     * Base URL of an own mirror: `https://mirror.example.com/coreos`. The archives have the releases' names on it, as in
     * `etcd-v3.5.33-linux-amd64.tar.gz` and `fleet-v1.0.0-linux-amd64.tar.gz`.
     */
    readonly mirror?: string;
    /** Archive with `etcd` and `etcdctl`; default the official release 3.5.33, by its published sums. */
    readonly etcd?: ArchivesArgs;
    /**
     * Archive with `fleetd` and `fleetctl`, such as a `FleetBuild` of a cloud. No sum was ever published for fleet's
     * release, so that there is no default: `{ sha256 }` alone pins the one that you trust.
     */
    readonly fleet?: ArchivesArgs;
}

/** What a {@link Cluster} is made from. */
export interface ClusterArgs
    extends Omit<ClusterShape, "name" | "members" | "workers">,
        AdditionArgs {
    /** Where the machines run. */
    readonly platform: Platform;
    /** The etcd members; an odd number of them. */
    readonly members?: GroupArgs;
    /** Groups of machines that are no members, by name. */
    readonly workers?: Readonly<Record<string, GroupArgs>>;
    /**
     * How etcd's members find each other at their first start. Default `static` where the platform promises
     * addresses, else `delivered`: over SSH, once all machines are made. Neither needs anybody else's service; a
     * {@link DiscoveryBootstrap} may.
     */
    readonly bootstrap?: BootstrapKind | DiscoveryBootstrap;
    /**
     * Where machines get etcd and fleet from; `"image"` where their image has them in `/opt/bin`. Default `"image"` on
     * platforms that say so of theirs, such as `Local`; else {@link BinariesArgs.fleet} must be given.
     */
    readonly binaries?: "image" | BinariesArgs;
    /** Further public keys that may log in, one line each. */
    readonly sshAuthorizedKeys?: readonly pulumi.Input<string>[];
    /** How Pulumi reaches the machines; default directly, with a key that the cluster makes. */
    readonly connection?: ConnectionArgs;
    /** Seconds for the whole cluster to become ready; default 300. */
    readonly readyTimeout?: number;
}

/** A machine of a cluster that is ready. */
export interface ClusterMachine {
    /** Host name. */
    readonly name: string;
    /** Members run etcd, workers its proxy. */
    readonly role: "member" | "worker";
    /** Address inside the cluster's network. */
    readonly privateIp: string;
    /** Address for clients outside; null where there is none. */
    readonly publicIp: string | null;
    /** fleet metadata. */
    readonly metadata: Readonly<Record<string, string>>;
    /** `/etc/machine-id`, which is fleet's machine id too. */
    readonly machineId: string;
    /** Whether it runs etcd, or its proxy. */
    readonly etcd: boolean;
    /** Whether it runs fleet. */
    readonly fleet: boolean;
}
