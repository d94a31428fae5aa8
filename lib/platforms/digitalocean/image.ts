import { CustomImage } from "@pulumi/digitalocean/customImage";
import { getImage } from "@pulumi/digitalocean/getImage";
import * as pulumi from "@pulumi/pulumi";
import { rejectArguments } from "../../constructs/reject.js";
import { given, type Problem } from "../../problem.js";
import { type LookUps, lookedUp } from "../look-up.js";
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
    parent: pulumi.Resource,
    offered: Promise<pulumi.Resource[]>,
): pulumi.Output<string> {
    if ("id" in image) {
        return pulumi.output(image.id).apply(String);
    }
    if ("name" in image) {
        return pulumi.output(namedImage(name, image.name, region, { opts: { parent }, offered }));
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
        { parent, dependsOn: offered },
    );
    return imported.imageId.apply(String);
}

async function namedImage(
    platform: string,
    name: string,
    region: string,
    lookUps: LookUps,
): Promise<string> {
    const subject = `DigitalOcean "${platform}"`;
    const found = await lookedUp(
        (opts) => getImage({ name, source: "user" }, opts),
        lookUps,
        subject,
        (reason) => ({
            path: "image.name",
            given: given(name),
            allowed: `must be the name of one image of the account (${reason}); import it, or leave \`image\` out for a release of Flatcar`,
        }),
    );
    rejectArguments(subject, regionProblems(name, region, found?.regions));
    return String(found?.id ?? "");
}

/** An image is in certain regions only (docs.digitalocean.com, products/custom-images/details/limits). */
export function regionProblems(
    name: string,
    region: string,
    regions: readonly string[] = [region],
): Problem[] {
    const allowed = `that image is in ${regions.join(", ")}, and not in ${region}; have DigitalOcean copy it there`;
    return regions.includes(region) ? [] : [{ path: "image.name", given: given(name), allowed }];
}
