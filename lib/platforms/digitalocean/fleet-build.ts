import { SpacesBucketObject } from "@pulumi/digitalocean/spacesBucketObject";
import * as pulumi from "@pulumi/pulumi";
import type { ArchiveArgs } from "../../cluster-args.js";
import { builtFleet } from "../built-fleet.js";
import { fleetArchiveMark, fleetArchiveName } from "../fleet-archive.js";
import type { Region } from "./args.js";

/** What a {@link FleetBuild} in a Space is made from. */
export interface FleetBuildArgs {
    /** Name of a Space that is there. */
    readonly bucket: pulumi.Input<string>;
    /** The Space's region. */
    readonly region: pulumi.Input<Region>;
    /** Beginning of the object's key; default none. */
    readonly prefix?: string;
    /** Base URL at which machines read the Space, such as its CDN's; default the Space's own. */
    readonly endpoint?: pulumi.Input<string>;
}

/**
 * fleet 1.0.0 from the Go modules that this package pins, built on this host and kept in a Space: what `binaries.fleet` of
 * a cluster takes. The build is the same on every host, byte by byte, so that its sum is too.
 *
 * Needs Go 1.25 or newer, and keys of Spaces (`SPACES_ACCESS_KEY_ID`, `SPACES_SECRET_ACCESS_KEY`); a preview builds as
 * well, once on each host. Anyone may read the object, and that object alone: there is no secret in fleet, and its sum
 * in the machines' user-data is what makes it right.
 */
export class FleetBuild extends pulumi.ComponentResource {
    /** For Intel's and AMD's processors; droplets have no others. */
    readonly amd64: ArchiveArgs;

    constructor(name: string, args: FleetBuildArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulumi-coreos:digitalocean:FleetBuild", name, {}, opts);
        const archive = builtFleet(name, "amd64", { parent: this });
        const object = new SpacesBucketObject(
            `${name}-amd64-${fleetArchiveMark("amd64")}`,
            {
                bucket: args.bucket,
                region: args.region,
                key: (args.prefix ?? "") + fleetArchiveName("amd64"),
                source: archive.path,
                acl: "public-read",
                contentType: "application/x-tar",
            },
            // Another host has the same file at another path; another file has another name.
            { parent: this, ignoreChanges: ["source"] },
        );
        const base =
            args.endpoint ??
            pulumi.interpolate`https://${object.bucket}.${object.region}.digitaloceanspaces.com`;
        this.amd64 = { url: pulumi.interpolate`${base}/${object.key}`, sha256: archive.sha256 };
        this.registerOutputs({});
    }
}
