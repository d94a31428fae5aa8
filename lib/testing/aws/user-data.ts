import { gunzipSync } from "node:zlib";
import { ApiError } from "../simulated-resource.js";
import type { InstanceInputs } from "./instance-record.js";

/** docs.aws.amazon.com, AWSEC2/latest/UserGuide/instancedata-add-user-data: 16 KB, in raw form, before base64. */
const LIMIT = 16_384;

/** The bytes of an instance's user-data, or a refusal. */
export function requireUserData(request: string, inputs: InstanceInputs): Buffer {
    const { userData, userDataBase64 } = inputs;
    // docs.aws.amazon.com, AWSEC2/latest/APIReference/API_RunInstances: `UserData` is base64.
    if (userDataBase64 !== undefined && !/^[A-Za-z0-9+/]*={0,2}$/.test(userDataBase64)) {
        const reason = "InvalidUserData.Malformed: Invalid BASE64 encoding of user data.";
        throw new ApiError(request, 400, reason);
    }
    const bytes = Buffer.from(userDataBase64 ?? userData ?? "", userDataBase64 ? "base64" : "utf8");
    if (bytes.length > LIMIT) {
        const reason = `InvalidParameterValue: User data is limited to ${LIMIT} bytes; this is ${bytes.length}.`;
        throw new ApiError(request, 400, reason);
    }
    return bytes;
}

/** The text of user-data, unpacked as the agent would. */
export function userDataText(bytes: Buffer): string {
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (isGzip ? gunzipSync(bytes) : bytes).toString("utf8");
}
