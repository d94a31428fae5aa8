import { given, type Problem } from "../problem.js";
import type { CloudConfig } from "./document.js";
import { repeated } from "./repeated.js";

/** A public key as sshd reads it, with options before it if wanted. */
const publicKey =
    /(?:^|\s)(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com|[\w-]+-cert-v01@openssh\.com)\s+AAAA[A-Za-z0-9+/]+={0,3}(?:\s|$)/;

/** Users named twice, and SSH keys that are none. */
export function checkUsers(document: CloudConfig): Problem[] {
    const users = document.users ?? [];
    return [
        ...keyProblems(document.ssh_authorized_keys, "ssh_authorized_keys"),
        ...users.flatMap((user, index) =>
            keyProblems(user.ssh_authorized_keys, `users[${index}].ssh_authorized_keys`),
        ),
        ...repeated(users, "users", "name", (user) => user.name),
    ];
}

function keyProblems(keys: readonly string[] | undefined, path: string): Problem[] {
    return (keys ?? []).flatMap((key, index) =>
        publicKey.test(key) || key.includes("PRIVATE KEY")
            ? []
            : [
                  {
                      path: `${path}[${index}]`,
                      given: given(key),
                      allowed: 'must be a public key: "ssh-ed25519 AAAA… comment"',
                  },
              ],
    );
}
