import { InstanceProfile } from "@pulumi/aws/iam/instanceProfile";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment";
import type * as pulumi from "@pulumi/pulumi";
import type { AwsArgs } from "./args.js";
import { shortName } from "./names.js";

/** docs.aws.amazon.com, IAM/latest/UserGuide/reference_iam-quotas: length of a role's name. */
const NAME_LENGTH = 64;

const ASSUMED_BY_INSTANCES = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
        {
            Effect: "Allow",
            Principal: { Service: "ec2.amazonaws.com" },
            Action: "sts:AssumeRole",
        },
    ],
});

/** The instance profile of each group that has policies: what its workloads may do at AWS. */
export function instanceProfiles(
    cluster: string,
    { policies = {}, tags = {} }: AwsArgs,
    opts: pulumi.CustomResourceOptions,
): Record<string, pulumi.Output<string>> {
    const made = Object.entries(policies).map(([group, arns]) => {
        const name = shortName(NAME_LENGTH, cluster, group);
        const role = new Role(
            `${cluster}-${group}-role`,
            { name, assumeRolePolicy: ASSUMED_BY_INSTANCES, tags },
            opts,
        );
        const attachments = arns.map((policyArn) => {
            const own = `${cluster}-${group}-${policyArn.split("/").at(-1)}`;
            return new RolePolicyAttachment(own, { role: role.name, policyArn }, opts);
        });
        const profile = new InstanceProfile(
            `${cluster}-${group}-profile`,
            { name, role: role.name, tags },
            { ...opts, dependsOn: attachments },
        );
        return [group, profile.name];
    });
    return Object.fromEntries(made);
}
