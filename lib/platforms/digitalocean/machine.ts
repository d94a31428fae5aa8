import { Droplet } from "@pulumi/digitalocean/droplet";
import { ReservedIp } from "@pulumi/digitalocean/reservedIp";
import { ReservedIpAssignment } from "@pulumi/digitalocean/reservedIpAssignment";
import type * as pulumi from "@pulumi/pulumi";
import type { PlannedMachine } from "../../plan/shape.js";
import type { CreatedMachine } from "../../platform.js";
import type { DigitalOceanArgs, DropletSize } from "./args.js";
import { clusterTag, groupTag } from "./names.js";
import { etcdVolume } from "./volume.js";

/** Size of droplets where the program says nothing: less memory is not enough for Flatcar's own updates. */
export const DEFAULT_SIZE: DropletSize = "s-1vcpu-2gb";

/** What a member keeps until its group's `rollout` says otherwise. */
const KEPT = ["userData", "image", "sshKeys", "size"];

/** What the droplets of a cluster share. */
export interface DropletSettings {
    readonly cluster: string;
    readonly image: pulumi.Input<string>;
    readonly vpcUuid: pulumi.Input<string>;
    readonly sshKeys: readonly pulumi.Input<string>[];
    /** What must be there before any droplet. */
    readonly before: readonly pulumi.Resource[];
}

/** A droplet with what belongs to it alone: etcd's volume, a reserved address. */
export function dropletMachine(
    machine: PlannedMachine,
    userData: pulumi.Input<string>,
    settings: DropletSettings,
    args: DigitalOceanArgs,
    opts: pulumi.CustomResourceOptions,
): CreatedMachine {
    const { name, role, group, rollout } = machine;
    const { cluster, image, vpcUuid, sshKeys, before } = settings;
    const { region, tags = [], reservedAddresses = [] } = args;
    const isMember = role === "member";
    const volume = etcdVolume(cluster, machine, args, opts);
    const droplet = new Droplet(
        name,
        {
            name,
            image,
            region,
            size: sizeOf(group, args),
            vpcUuid,
            sshKeys: [...sshKeys],
            userData,
            tags: [clusterTag(cluster), groupTag(cluster, group), ...tags],
            ...(volume === undefined ? {} : { volumeIds: [volume.id] }),
            gracefulShutdown: true,
            // A custom image has no agent, and takes neither IPv6 nor monitoring.
            dropletAgent: false,
            ipv6: false,
            monitoring: false,
        },
        {
            ...opts,
            dependsOn: [...before],
            // Each of these makes another droplet, or powers it off for a while: no member is replaced by surprise, and never two at once.
            ignoreChanges: isMember && rollout !== "replace" ? KEPT : [],
            // A volume can be attached to one droplet; and droplets that go one by one would else go together, at the end.
            deleteBeforeReplace: isMember || rollout === "replace",
        },
    );
    const { id, ipv4Address, ipv4AddressPrivate: privateIp } = droplet;
    const publicIp = reservedAddresses.includes(group)
        ? reservedAddress(name, droplet, region, opts)
        : ipv4Address;
    return { id, privateIp, publicIp, sshAddress: ipv4Address };
}

/** Slug of a group's droplets. */
export function sizeOf(group: string, { sizes = {} }: DigitalOceanArgs): DropletSize {
    return sizes[group] ?? sizes.default ?? DEFAULT_SIZE;
}

function reservedAddress(
    name: string,
    droplet: Droplet,
    region: string,
    opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
    const address = new ReservedIp(`${name}-address`, { region }, opts);
    const assignment = new ReservedIpAssignment(
        `${name}-address`,
        { ipAddress: address.ipAddress, dropletId: droplet.id.apply(Number) },
        { ...opts, deleteBeforeReplace: true },
    );
    return assignment.ipAddress;
}
