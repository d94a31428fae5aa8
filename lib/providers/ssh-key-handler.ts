import { createHash } from "node:crypto";
import { utils } from "ssh2";
import type { ResourceHandler } from "./handler.js";

/** What an SSH key is made from. */
export interface SshKeyInputs extends Record<string, unknown> {
    /** The comment at the end of the public key. */
    comment: string;
}

/** A key pair in OpenSSH's format. */
export interface SshKeyState extends SshKeyInputs {
    publicKey: string;
    privateKey: string;
}

/** Makes an ed25519 key pair once and keeps it in the state, the private half as a secret. */
export const sshKeyHandler: ResourceHandler<SshKeyInputs, SshKeyState> = {
    diff: () => ({ changes: false }),
    async create(inputs) {
        const pair = readablePair(inputs.comment);
        const id = createHash("sha256").update(pair.public).digest("hex").slice(0, 16);
        return { id, state: { ...inputs, publicKey: pair.public, privateKey: pair.private } };
    },
    read: async (id, state) => ({ id, state }),
    update: async (_id, state) => state,
    delete: async () => undefined,
};

/** One in about two hundred of the keys that ssh2 1.17 makes can't be read again: that one is not kept. */
function readablePair(comment: string): ReturnType<typeof utils.generateKeyPairSync> {
    for (let left = 20; ; left--) {
        const pair = utils.generateKeyPairSync("ed25519", { comment });
        const read = utils.parseKey(pair.private);
        if (!(read instanceof Error) || left === 0) {
            return pair;
        }
    }
}
