import type { CloudRecord } from "../account.js";
import { ApiError, type SimulatedResource } from "../simulated-resource.js";
import { arn, awsId } from "./aws-id.js";
import type { InstanceRecord } from "./instance-record.js";

/** What a program asks for. */
export type RoleInputs = { readonly name: string; readonly assumeRolePolicy: string };

/** docs.aws.amazon.com, IAM/latest/UserGuide/reference_iam-quotas: names of roles. */
const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;
const PROFILE_NAME = /^[\w+=,.@-]{1,128}$/;

/** `aws.iam.Role`. Roles give nothing here: there is no metadata service. */
export const role: SimulatedResource<RoleInputs, CloudRecord & RoleInputs> = {
    kind: "roles",
    replacedBy: ["name", "path"],
    named: true,
    async create({ name, assumeRolePolicy }, account) {
        const request = "iam CreateRole";
        if (!ROLE_NAME.test(name)) {
            throw new ApiError(request, 400, `ValidationError: roleName '${name}' is invalid`);
        }
        if ((await account.get("roles", name)) !== undefined) {
            const reason = `EntityAlreadyExists: Role with name ${name} already exists.`;
            throw new ApiError(request, 409, reason);
        }
        requirePolicy(request, assumeRolePolicy);
        const outputs = { arn: arn("iam", `role/${name}`, ""), uniqueId: awsId("AROA") };
        return { id: name, outputs };
    },
    async update() {
        return {};
    },
    async delete(id, _state, account) {
        const kinds = ["role-policy-attachments", "instance-profiles"];
        const users = (await Promise.all(kinds.map((kind) => account.list(kind)))).flat();
        // docs.aws.amazon.com, IAM/latest/APIReference/API_DeleteRole: profiles and policies go first.
        if (users.some((user) => user["role"] === id)) {
            const reason = "DeleteConflict: Cannot delete entity, must remove its users first.";
            throw new ApiError("iam DeleteRole", 409, reason);
        }
    },
};

/** What ties a policy to a role. */
export type RolePolicyAttachmentInputs = { readonly role: string; readonly policyArn: string };

/** `aws.iam.RolePolicyAttachment`. */
export const rolePolicyAttachment: SimulatedResource<
    RolePolicyAttachmentInputs,
    CloudRecord & RolePolicyAttachmentInputs
> = {
    kind: "role-policy-attachments",
    replacedBy: ["role", "policyArn"],
    async create({ role: name, policyArn }, account) {
        const request = "iam AttachRolePolicy";
        if ((await account.get("roles", name)) === undefined) {
            const reason = `NoSuchEntity: The role with name ${name} cannot be found.`;
            throw new ApiError(request, 404, reason);
        }
        // docs.aws.amazon.com, IAM/latest/APIReference/API_AttachRolePolicy: `InvalidInput`.
        if (!/^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/[\w+=,.@/-]+$/.test(policyArn)) {
            throw new ApiError(request, 400, `InvalidInput: ARN ${policyArn} is not valid.`);
        }
        return { id: `${name}/${policyArn}`, outputs: {} };
    },
};

/** What a program asks for. */
export type InstanceProfileInputs = { readonly name: string; readonly role?: string };

/** `aws.iam.InstanceProfile`. */
export const instanceProfile: SimulatedResource<
    InstanceProfileInputs,
    CloudRecord & InstanceProfileInputs
> = {
    kind: "instance-profiles",
    replacedBy: ["name", "path"],
    named: true,
    async create({ name, role: roleName }, account) {
        const request = "iam CreateInstanceProfile";
        if (!PROFILE_NAME.test(name)) {
            const reason = `ValidationError: instanceProfileName '${name}' is invalid`;
            throw new ApiError(request, 400, reason);
        }
        // docs.aws.amazon.com, IAM/latest/APIReference/API_CreateInstanceProfile, API_AddRoleToInstanceProfile.
        if ((await account.get("instance-profiles", name)) !== undefined) {
            const reason = `EntityAlreadyExists: Instance Profile ${name} already exists.`;
            throw new ApiError(request, 409, reason);
        }
        if (roleName !== undefined && (await account.get("roles", roleName)) === undefined) {
            const reason = `NoSuchEntity: The role with name ${roleName} cannot be found.`;
            throw new ApiError(request, 404, reason);
        }
        return { id: name, outputs: { arn: arn("iam", `instance-profile/${name}`, "") } };
    },
    async update() {
        return {};
    },
    async delete(id, _state, account) {
        const instances = await account.list<InstanceRecord>("instances");
        // IAM would let it go, and the instances would lose their rights: a mistake in any program.
        if (instances.some(({ iamInstanceProfile }) => iamInstanceProfile === id)) {
            const reason = `DeleteConflict: ${id} is in use by an instance`;
            throw new ApiError("iam DeleteInstanceProfile", 409, reason);
        }
    },
};

function requirePolicy(request: string, text: string): void {
    try {
        JSON.parse(text);
    } catch {
        throw new ApiError(request, 400, "MalformedPolicyDocument: This policy is no JSON");
    }
}
