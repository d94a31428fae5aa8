import { Volume } from "@pulumi/digitalocean/volume";
import type * as pulumi from "@pulumi/pulumi";
import type { CloudConfig } from "../../cloud-config/index.js";
import { ETCD_UNIT } from "../../etcd/index.js";
import type { PlannedMachine } from "../../plan/shape.js";
import { renderUnit } from "../../systemd/index.js";
import { cloudName } from "../cloud-name.js";
import type { DigitalOceanArgs } from "./args.js";

/** Label of the file system, by which each member finds its own volume: the text is the same for all. */
const LABEL = "etcd";
const DIRECTORY = "/var/lib/etcd";

/** What makes a member keep etcd's data on its volume; etcd is not started without. */
export function volumeDocument(): CloudConfig {
    const mount = renderUnit({
        Unit: { Description: "Volume of etcd" },
        Mount: { What: `/dev/disk/by-label/${LABEL}`, Where: DIRECTORY, Type: "ext4" },
    });
    const needed = renderUnit({ Unit: { RequiresMountsFor: DIRECTORY } });
    return {
        coreos: {
            units: [
                { name: "var-lib-etcd.mount", content: mount, command: "start" },
                { name: ETCD_UNIT, drop_ins: [{ name: "10-volume.conf", content: needed }] },
            ],
        },
    };
}

/** The volume of a member, which outlives its droplets. */
export function etcdVolume(
    cluster: string,
    machine: PlannedMachine,
    { region, etcdVolume: settings }: DigitalOceanArgs,
    opts: pulumi.CustomResourceOptions,
): Volume | undefined {
    if (settings === undefined || machine.role !== "member") {
        return undefined;
    }
    return new Volume(
        `${machine.name}-etcd`,
        {
            name: volumeName(cluster, machine.name),
            region,
            size: settings.size,
            initialFilesystemType: "ext4",
            initialFilesystemLabel: LABEL,
        },
        opts,
    );
}

/** A volume's name begins with a letter and has 64 characters at most. */
function volumeName(cluster: string, machine: string): string {
    const name = cloudName("-", cluster, machine, "etcd").replace(/^[^a-z]+/, "");
    return name.length > 64 ? name.slice(-64).replace(/^[^a-z]+/, "") : name;
}
