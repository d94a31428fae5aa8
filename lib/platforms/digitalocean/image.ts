import { CustomImage } from "@pulumi/digitalocean/customImage";
import { getImageOutput } from "@pulumi/digitalocean/getImage";
import * as pulumi from "@pulumi/pulumi";
import type { DigitalOceanArgs, FlatcarRelease } from "./args.js";

/** The release that is used where the program names no image. */
export const DEFAULT_RELEASE: FlatcarRelease = { channel: "stable", version: "4593.2.5" };

/** Where Flatcar publishes a release for DigitalOcean, for amd64: there are no other droplets. */
export function releaseUrl({ channel = "stable", version }: FlatcarRelease): string {
    const server = `https://${channel}.release.flatcar-linux.net`;
    return `${server}/amd64-usr/${version}/flatcar_production_digitalocean_image.bin.bz2`;
}

/** What `Droplet` takes as its image: an id that was given or looked up, or one of a release that is imported. */
export function dropletImage(
    name: string,
    { image = { flatcar: DEFAULT_RELEASE }, region }: DigitalOceanArgs,
    opts: { readonly parent: pulumi.Resource },
): pulumi.Output<string> {
    if ("id" in image) {
        return pulumi.output(image.id).apply(String);
    }
    if ("name" in image) {
        return getImageOutput({ name: image.name, source: "user" }, opts).id.apply(String);
    }
    const { flatcar } = image;
    const imported = new CustomImage(
        `${name}-image`,
        {
            name: `flatcar-${flatcar.channel ?? "stable"}-${flatcar.version}`,
            url: flatcar.url ?? releaseUrl(flatcar),
            regions: [region],
            // DigitalOcean's list of distributions has no Flatcar.
            distribution: "CoreOS",
        },
        opts,
    );
    return imported.imageId.apply(String);
}
