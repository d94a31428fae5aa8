import { getSizes } from "@pulumi/digitalocean/getSizes";
import { DropletSlug, Region } from "@pulumi/digitalocean/types/enums";
import type * as pulumi from "@pulumi/pulumi";
import { rejectArguments } from "../../constructs/reject.js";
import { given, type Problem } from "../../problem.js";
import { meant } from "../option-problems.js";
import type { DigitalOceanArgs } from "./args.js";
import { credentialsProblem } from "./credentials.js";
import { DEFAULT_SIZE } from "./machine.js";

/** A size that DigitalOcean lists, and where new droplets can have it. */
export interface OfferedSize {
    readonly slug: string;
    readonly regions: readonly string[];
}

/**
 * Asks DigitalOcean whether it has the region and the sizes, once for a platform. A token that may make droplets may
 * ask that (docs.digitalocean.com, reference/api/scopes/droplet/create).
 *
 * @throws pulumi.RunError for names that nobody knows, and for want of a token
 */
export async function requireOffer(
    name: string,
    args: DigitalOceanArgs,
    opts: pulumi.InvokeOptions,
): Promise<void> {
    const problems = await getSizes({}, opts).then(
        ({ sizes }) => offerProblems(args, sizes ?? []),
        // Whatever else is wrong, the cloud says it to the resource that it is wrong for.
        (cause: unknown) => credentialsProblem(cause) ?? [],
    );
    rejectArguments(`DigitalOcean "${name}"`, [problems].flat());
}

/**
 * Names of regions and sizes that nobody knows are errors. One that there is, but not for new droplets at the moment, is
 * a warning: those that run stay.
 */
export function offerProblems(args: DigitalOceanArgs, listed: readonly OfferedSize[]): Problem[] {
    if (listed.length === 0) {
        return [];
    }
    const { region, sizes = {} } = args;
    const regions = [...new Set(listed.flatMap((size) => size.regions))].sort();
    const stay = "droplets that run stay, and no new one can be made at the moment";
    const ofRegion = regions.includes(region)
        ? []
        : nameProblems("region", region, regions, Object.values(Region), stay);
    const wanted =
        Object.keys(sizes).length > 0
            ? Object.entries(sizes)
            : [["default", DEFAULT_SIZE] as const];
    const ofSizes = wanted.flatMap(([group, slug]) => {
        const found = listed.find((size) => size.slug === slug);
        const path = `sizes.${group}`;
        if (found === undefined) {
            const slugs = listed.map((size) => size.slug);
            return nameProblems(path, slug, slugs, Object.values(DropletSlug), stay);
        }
        // A size of a region that is wrong is not looked for there.
        return ofRegion.length > 0 || found.regions.includes(region)
            ? []
            : warning(path, slug, `is not to be had in ${region} at the moment; ${stay}`);
    });
    return [...ofRegion, ...ofSizes];
}

function nameProblems(
    path: string,
    name: string,
    listed: readonly string[],
    known: readonly string[],
    stay: string,
): Problem[] {
    if (known.includes(name)) {
        return warning(path, name, `is not to be had; ${stay}`);
    }
    // Sizes are too many to name.
    const there =
        listed.length > 30
            ? "`doctl compute size list` shows them"
            : `there are ${listed.join(", ")}`;
    const allowed = `is not known to DigitalOcean; ${meant(name, listed) ?? there}`;
    return [{ path, given: given(name), allowed }];
}

function warning(path: string, name: string, allowed: string): Problem[] {
    return [{ path, given: given(name), allowed, severity: "warning" }];
}
