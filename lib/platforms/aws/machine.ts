import { Instance } from "@pulumi/aws/ec2/instance";
import * as pulumi from "@pulumi/pulumi";
import type { PlannedMachine } from "../../plan/shape.js";
import type { CreatedMachine } from "../../platform.js";
import type { Place } from "./addresses.js";
import type { AwsArgs, InstanceType } from "./args.js";
import { nameTags } from "./names.js";
import type { Network } from "./network.js";
import { instanceUserData } from "./user-data.js";
import { attachVolume, etcdVolume } from "./volume.js";

/** GiB of the disk with the system. */
const ROOT_SIZE = 16;

/** What a member keeps until its group's `rollout` says otherwise. */
const KEPT = ["ami", "userDataBase64", "keyName", "instanceType", "associatePublicIpAddress"];

/** What the instances of a cluster share. */
export interface InstanceSettings {
    readonly cluster: string;
    readonly network: Network;
    readonly keyName: pulumi.Input<string> | undefined;
    /** Keys beside the one of the key pair. */
    readonly furtherKeys: readonly pulumi.Output<string>[];
    /** What must be there before this instance. */
    readonly before: readonly pulumi.Resource[];
}

/** What the instances of a group share. */
export interface GroupSettings {
    readonly ami: pulumi.Input<string>;
    readonly type: InstanceType;
    readonly securityGroups: readonly pulumi.Input<string>[];
    readonly profile: pulumi.Input<string> | undefined;
    readonly text: pulumi.Input<string>;
}

/** An instance with what belongs to it alone: its address, and etcd's volume. */
export function instanceMachine(
    machine: PlannedMachine,
    place: Place,
    shared: InstanceSettings,
    group: GroupSettings,
    args: AwsArgs,
    opts: pulumi.CustomResourceOptions,
): CreatedMachine {
    const { name, role, rollout } = machine;
    const { cluster, network, keyName, furtherKeys, before } = shared;
    const subnet = network.subnets[place.subnet];
    const isKept = role === "member" && rollout !== "replace";
    const withPublic = args.publicAddresses ?? true;
    const volume = etcdVolume(cluster, machine, subnet?.zone ?? "", args, opts);
    const tags = nameTags(args, cluster, name);
    const instance = new Instance(
        name,
        {
            ami: group.ami,
            instanceType: group.type,
            subnetId: subnet?.id ?? "",
            privateIp: place.address,
            associatePublicIpAddress: withPublic,
            vpcSecurityGroupIds: [...group.securityGroups],
            ...(keyName === undefined ? {} : { keyName }),
            ...(group.profile === undefined ? {} : { iamInstanceProfile: group.profile }),
            userDataBase64: pulumi
                .all([group.text, pulumi.all([...furtherKeys])])
                .apply(([text, keys]) => instanceUserData(text, name, keys)),
            userDataReplaceOnChange: !isKept,
            metadataOptions: {
                httpEndpoint: "enabled",
                httpTokens: "required",
                httpPutResponseHopLimit: args.metadataHopLimit ?? 1,
            },
            rootBlockDevice: {
                volumeType: "gp3",
                volumeSize: args.rootVolume?.size ?? ROOT_SIZE,
                encrypted: true,
                tags,
            },
            tags,
        },
        {
            ...opts,
            dependsOn: [...network.before, ...before],
            // The address is fixed, and nobody else has it at the same time.
            deleteBeforeReplace: true,
            // Each of these stops or replaces the instance: no member by surprise, and never two at once.
            ignoreChanges: isKept ? KEPT : [],
        },
    );
    if (volume !== undefined) {
        attachVolume(machine, volume, instance.id, opts);
    }
    const privateIp = pulumi.output(place.address);
    return { id: instance.id, privateIp, ...(withPublic ? { publicIp: instance.publicIp } : {}) };
}
