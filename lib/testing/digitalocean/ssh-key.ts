import { createHash } from "node:crypto";
import type { CloudRecord } from "../account.js";
import { ApiError, type SimulatedResource } from "../simulated-resource.js";

/** What a program asks for. */
export type SshKeyInputs = { readonly name: string; readonly publicKey: string };

/** A key of the account. */
export type SshKeyRecord = CloudRecord & SshKeyInputs & { readonly fingerprint: string };

const REQUEST = "POST /v2/account/keys";

/** `digitalocean.SshKey`. */
export const sshKey: SimulatedResource<SshKeyInputs, SshKeyRecord> = {
    kind: "ssh-keys",
    replacedBy: ["publicKey"],
    named: true,
    async create({ name, publicKey }, account) {
        const fingerprint = fingerprintOf(publicKey);
        // docs.digitalocean.com, reference/api, POST /v2/account/keys: the entire public key string.
        if (fingerprint === undefined) {
            throw new ApiError(
                REQUEST,
                422,
                "Key invalid, key should be of the format `type key`.",
            );
        }
        return account.alone(async () => {
            const others = await account.list<SshKeyRecord>("ssh-keys");
            // An account has each key once; the API answers 422 to the second.
            if (others.some((other) => other.fingerprint === fingerprint)) {
                throw new ApiError(REQUEST, 422, "SSH Key is already in use on your account.");
            }
            const id = String(await account.nextNumber());
            await account.put("ssh-keys", { id, name, publicKey, fingerprint });
            return { id, outputs: { fingerprint } };
        });
    },
    async update() {
        return {};
    },
};

/** MD5 of the key, as the API shows it; `undefined` for what is no key. */
export function fingerprintOf(publicKey: string): string | undefined {
    const [type = "", body = ""] = publicKey.trim().split(/\s+/);
    const key = Buffer.from(body, "base64");
    const named = key.length > 4 ? key.subarray(4, 4 + key.readUInt32BE(0)).toString() : "";
    if (type === "" || named !== type || publicKey.trim().includes("\n")) {
        return undefined;
    }
    return createHash("md5").update(key).digest("hex").match(/../g)?.join(":");
}
