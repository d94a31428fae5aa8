/** A machine that takes SSH connections. */
export interface SshHost {
    /** The machine's name in the cluster. */
    readonly name: string;
    /** Host name or IP address. */
    readonly address: string;
    /** TCP port; default 22. */
    readonly port?: number;
    /**
     * The host key that the machine must show, as `ssh-ed25519 AAAA…` (sshd(8), known_hosts format
     * without the host). Where it is absent, the key that is shown at first contact is taken.
     */
    readonly hostKey?: string;
    /** `/etc/machine-id`, by which fleet knows the machine; where it is known. */
    readonly machineId?: string;
}

/** A machine through which the others are reached, as ssh_config's `ProxyJump`. */
export interface JumpHost extends SshHost {
    /** User on the jump host; default the connection's own user. */
    readonly user?: string;
    /** Private key for the jump host; default the connection's own. */
    readonly privateKey?: string;
}

/** How the machines of a cluster are reached: who, with which key, where. */
export interface Connection {
    /** User on the machines; `core` on CoreOS and Flatcar. */
    readonly user: string;
    /** Private key in OpenSSH's format. A secret. */
    readonly privateKey?: string;
    /** Path of an ssh-agent's socket that has the key. */
    readonly agent?: string;
    /** The machines, in the order in which they are tried. */
    readonly hosts: readonly SshHost[];
    /** A machine to go through; default none. */
    readonly jump?: JumpHost;
}
