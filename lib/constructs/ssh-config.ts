/** A machine as ssh_config(5) names it. */
export interface SshConfigHost {
    readonly name: string;
    readonly address: string;
    readonly user: string;
    /** `type base64`; the key that sshd must show. */
    readonly hostKey: string;
}

/**
 * Text of an ssh_config(5) for a cluster's machines. Host keys are in it, so that no first contact is
 * taken on trust; the private key is not: `IdentityFile` names the file where the reader puts it.
 */
export function renderSshConfig(hosts: readonly SshConfigHost[], identityFile: string): string {
    return hosts
        .map(({ name, address, user, hostKey }) =>
            [
                `Host ${name}`,
                `    HostName ${address}`,
                `    User ${user}`,
                `    IdentityFile ${identityFile}`,
                "    IdentitiesOnly yes",
                `    HostKeyAlias ${name}`,
                "    UserKnownHostsFile none",
                `    KnownHostsCommand /bin/echo ${name} ${hostKey}`,
                "    StrictHostKeyChecking yes",
                "",
            ].join("\n"),
        )
        .join("\n");
}
