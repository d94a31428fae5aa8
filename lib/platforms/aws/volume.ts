import { Volume } from "@pulumi/aws/ebs/volume";
import { VolumeAttachment } from "@pulumi/aws/ec2/volumeAttachment";
import type * as pulumi from "@pulumi/pulumi";
import type { CloudConfig } from "../../cloud-config/index.js";
import { ETCD_UNIT } from "../../etcd/index.js";
import type { PlannedMachine } from "../../plan/shape.js";
import { renderUnit } from "../../systemd/index.js";
import type { AwsArgs } from "./args.js";
import { nameTags } from "./names.js";

/** EC2's name of the volume; an instance on Nitro shows it by another one. */
const DEVICE = "/dev/sdf";
const UNIT = "etcd-volume.service";
const SCRIPT = "/opt/pulumi-coreos/etcd-volume";

/**
 * Finds the volume by the label of its file system, which outlives instances. One that has neither file system nor
 * partitions is new: it must be the only such disk of EBS, whatever the kernel calls it.
 */
const FIND_AND_MOUNT = `#!/bin/bash
set -euo pipefail
label=\${DEVICES:-/dev}/disk/by-label/etcd
until [ -e "$label" ]; do
    blank=$(lsblk --nodeps --noheadings --paths --pairs --output NAME,TYPE,FSTYPE,PTTYPE,MODEL |
        sed -nE 's#^NAME="([^"]+)" TYPE="disk" FSTYPE="" PTTYPE="" MODEL="Amazon Elastic Block Store *"$#\\1#p
            s#^NAME="(/dev/xvd[a-z]+)" TYPE="disk" FSTYPE="" PTTYPE="" MODEL=""$#\\1#p')
    case $(wc -w <<< "$blank") in
        0) sleep 1 ;;
        1) mkfs.ext4 -q -L etcd "$blank" && udevadm settle ;;
        *) echo "which one is etcd's? blank volumes:" $blank >&2; exit 1 ;;
    esac
done
mountpoint --quiet /var/lib/etcd || { mkdir -p /var/lib/etcd && mount "$label" /var/lib/etcd; }
`;

/** What makes a member keep etcd's data on its volume; etcd is not started without. */
export function volumeDocument(): CloudConfig {
    const unit = renderUnit({
        Unit: { Description: "Volume of etcd" },
        // It is attached once the instance runs.
        Service: {
            Type: "oneshot",
            RemainAfterExit: true,
            ExecStart: SCRIPT,
            TimeoutStartSec: "10min",
        },
    });
    const needed = renderUnit({ Unit: { Requires: UNIT, After: UNIT } });
    return {
        write_files: [
            { path: SCRIPT, permissions: "0755", owner: "root", content: FIND_AND_MOUNT },
        ],
        coreos: {
            units: [
                { name: UNIT, content: unit },
                { name: ETCD_UNIT, drop_ins: [{ name: "10-volume.conf", content: needed }] },
            ],
        },
    };
}

/** The volume of a member, which outlives its instances. It is in the zone of the member's subnet. */
export function etcdVolume(
    cluster: string,
    machine: PlannedMachine,
    zone: pulumi.Input<string>,
    args: AwsArgs,
    opts: pulumi.CustomResourceOptions,
): Volume | undefined {
    const { etcdVolume: settings } = args;
    if (settings === undefined || machine.role !== "member") {
        return undefined;
    }
    return new Volume(
        `${machine.name}-etcd`,
        {
            availabilityZone: zone,
            size: settings.size,
            type: "gp3",
            encrypted: true,
            tags: nameTags(args, cluster, machine.name, "etcd"),
        },
        opts,
    );
}

/** Attaches a member's volume to its instance, which is stopped before it is taken away again. */
export function attachVolume(
    machine: PlannedMachine,
    volume: Volume,
    instanceId: pulumi.Input<string>,
    opts: pulumi.CustomResourceOptions,
): VolumeAttachment {
    return new VolumeAttachment(
        `${machine.name}-etcd`,
        {
            deviceName: DEVICE,
            volumeId: volume.id,
            instanceId,
            stopInstanceBeforeDetaching: true,
        },
        { ...opts, deleteBeforeReplace: true },
    );
}
