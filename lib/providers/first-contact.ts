import { ClusterAccess } from "../clients/access.js";
import { SshSession } from "../clients/ssh.js";
import { waitFor } from "../clients/wait.js";
import type { Connection } from "../connection.js";

/** Milliseconds that one attempt has. */
const ATTEMPT = 5_000;

/** A machine that is waited for. Its host key is verified where it is known, and learned where it is not. */
export interface ContactedMachine {
    readonly name: string;
    readonly sshAddress: string;
    readonly hostKey?: string | undefined;
}

/** How long a machine is waited for. */
export interface ContactWait {
    /** Milliseconds since the epoch. */
    readonly deadline: number;
    /** Told what was seen instead of a connection. */
    readonly onWaiting: (seen: string) => void;
}

/** Waits until a machine, which may still be booting, takes an SSH connection. */
export function firstContact(
    connection: Omit<Connection, "hosts">,
    machine: ContactedMachine,
    wait: ContactWait,
): Promise<SshSession> {
    const host = hostOf(machine);
    return waitFor(
        `${machine.name} (${machine.sshAddress}) to take an SSH connection`,
        wait,
        async () => ({
            done: await SshSession.open({ ...connection, hosts: [host] }, host, ATTEMPT),
        }),
    );
}

/** The same, for more than one connection: further ones must show the host key of the first. */
export async function firstAccess(
    connection: Omit<Connection, "hosts">,
    machine: ContactedMachine,
    wait: ContactWait,
): Promise<{ readonly access: ClusterAccess; readonly hostKey: string }> {
    const first = await firstContact(connection, machine, wait);
    const { hostKey } = first;
    const hosts = [hostOf({ ...machine, hostKey })];
    return { access: new ClusterAccess({ ...connection, hosts }, first), hostKey };
}

/** The machine as a host of a connection. */
export function hostOf({ name, sshAddress, hostKey }: ContactedMachine) {
    return { name, address: sshAddress, ...(hostKey === undefined ? {} : { hostKey }) };
}
