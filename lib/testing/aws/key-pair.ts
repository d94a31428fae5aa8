import type { CloudRecord } from "../account.js";
import { ApiError, type SimulatedResource } from "../simulated-resource.js";
import { arn, awsId } from "./aws-id.js";

/** What a program asks for. */
export type KeyPairInputs = { readonly keyName: string; readonly publicKey: string };

/** A key pair of the account. */
export type KeyPairRecord = CloudRecord & KeyPairInputs;

const REQUEST = "ec2 ImportKeyPair";

/** `aws.ec2.KeyPair`. */
export const keyPair: SimulatedResource<KeyPairInputs, KeyPairRecord> = {
    kind: "key-pairs",
    replacedBy: ["keyName", "publicKey"],
    async create({ keyName, publicKey }, account) {
        // docs.aws.amazon.com, AWSEC2/latest/APIReference/API_ImportKeyPair: one RSA or ED25519 key.
        if (!/^ssh-(ed25519|rsa) [A-Za-z0-9+/]+={0,2}( [^\n]*)?$/.test(publicKey.trim())) {
            const reason = "InvalidKey.Format: Key is not in valid OpenSSH public key format";
            throw new ApiError(REQUEST, 400, reason);
        }
        // docs.aws.amazon.com, AWSEC2/latest/APIReference/errors-overview: `InvalidKeyPair.Duplicate`.
        if ((await account.get("key-pairs", keyName)) !== undefined) {
            const reason = `InvalidKeyPair.Duplicate: The keypair '${keyName}' already exists.`;
            throw new ApiError(REQUEST, 400, reason);
        }
        const keyType = publicKey.startsWith("ssh-rsa") ? "rsa" : "ed25519";
        const outputs = {
            keyType,
            keyPairId: awsId("key"),
            arn: arn("ec2", `key-pair/${keyName}`),
        };
        return { id: keyName, outputs };
    },
    async update() {
        return {};
    },
};
