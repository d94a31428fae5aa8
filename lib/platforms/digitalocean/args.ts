import type { DropletSlug, Region as RegionSlug } from "@pulumi/digitalocean/types/enums";
import type * as pulumi from "@pulumi/pulumi";
import type { Channel } from "../../plan/shape.js";

/** Slug of a size of droplets: `s-1vcpu-2gb`. */
export type DropletSize = DropletSlug | (string & {});

/** Slug of a region: `sgp1`. */
export type Region = RegionSlug | (string & {});

/** A release of Flatcar, which is imported into the account as a custom image. */
export interface FlatcarRelease {
    /** Default `stable`. */
    readonly channel?: Channel;
    /** `4593.2.5`. A release stays what it is until this changes. */
    readonly version: string;
    /** Where the image comes from; default Flatcar's own server. */
    readonly url?: pulumi.Input<string>;
}

/** The image of the droplets: by id, by its name in the account, or a release that is imported. */
export type ImageArgs =
    | { readonly id: pulumi.Input<string | number> }
    | { readonly name: string }
    | { readonly flatcar: FlatcarRelease };

/** The network of the droplets: one that is there, or one that is made for each cluster. */
export type VpcArgs =
    | { readonly id: pulumi.Input<string> }
    | {
          /** RFC 1918, /16 to /28; default one that DigitalOcean picks. */
          readonly ipRange?: string;
      };

/** What a {@link DigitalOcean} platform is made from. */
export interface DigitalOceanArgs {
    /** Where everything is. */
    readonly region: Region;
    /** Size of the droplets of each group (`members`, or the name of a worker group); default `s-1vcpu-2gb`. */
    readonly sizes?: { readonly default?: DropletSize } & Readonly<Record<string, DropletSize>>;
    /** Default the release of Flatcar that this version of the library was made for. */
    readonly image?: ImageArgs;
    /** Default one that is made. */
    readonly vpc?: VpcArgs;
    /** Addresses and networks that SSH is let in from; default everywhere. Nothing else is let in, but exposed ports. */
    readonly sshFrom?: readonly string[];
    /** Ids or fingerprints of keys in the account that may log in too. */
    readonly sshKeys?: readonly pulumi.Input<string>[];
    /** Further tags of every droplet. */
    readonly tags?: readonly string[];
    /** A volume for the data of each etcd member, which outlives its droplet; default the droplet's own disk. */
    readonly etcdVolume?: {
        /** GiB, 1 to 16384. */
        readonly size: number;
    };
    /** Worker groups of which each machine has a reserved address as its public one. */
    readonly reservedAddresses?: readonly string[];
    /** Worker groups whose exposed ports are behind a load balancer. */
    readonly loadBalancers?: readonly string[];
}
