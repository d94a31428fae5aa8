import { Vpc } from "@pulumi/digitalocean/vpc";
import * as pulumi from "@pulumi/pulumi";
import { cloudName } from "../cloud-name.js";
import type { DigitalOceanArgs } from "./args.js";

/** Id of the VPC that a cluster's droplets are in: the given one, or one that is made for the cluster. */
export function vpcId(
    cluster: string,
    { vpc = {}, region }: DigitalOceanArgs,
    opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
    if ("id" in vpc) {
        return pulumi.output(vpc.id);
    }
    const { ipRange } = vpc;
    const made = new Vpc(
        `${cluster}-vpc`,
        {
            name: cloudName("-", cluster),
            region,
            ...(ipRange === undefined ? {} : { ipRange }),
        },
        opts,
    );
    return made.id;
}
