import { getVpc } from "@pulumi/digitalocean/getVpc";
import { Vpc } from "@pulumi/digitalocean/vpc";
import * as pulumi from "@pulumi/pulumi";
import { rejectArguments } from "../../constructs/reject.js";
import { given, type Problem } from "../../problem.js";
import { cloudName } from "../cloud-name.js";
import { type LookUps, lookedUp } from "../look-up.js";
import type { DigitalOceanArgs } from "./args.js";
import { vpcRoom } from "./problems.js";

/** Id of the VPC that a cluster's droplets are in: the given one, or one that is made for the cluster. */
export function vpcId(
    cluster: string,
    machines: number,
    { vpc = {}, region }: DigitalOceanArgs,
    lookUps: LookUps,
    opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
    if ("id" in vpc) {
        return pulumi.output(vpc.id).apply(async (id) => {
            const subject = `Cluster "${cluster}"`;
            const found = await lookedUp(
                (own) => getVpc({ id }, own),
                lookUps,
                subject,
                (reason) => missingVpc(id, reason),
            );
            rejectArguments(subject, vpcProblems(id, region, cluster, machines, found));
            return id;
        });
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

/** A VPC that there is not; where something else keeps it from being looked up, it may be there. */
function missingVpc(id: string, reason: string): Problem {
    const isGone = /\b404\b|not found/i.test(reason);
    const allowed = `${isGone ? "is no VPC of the account" : "can't be looked up"} (${reason})`;
    const problem = { path: "platform.vpc.id", given: given(id), allowed };
    return isGone ? problem : { ...problem, severity: "warning" };
}

/** What keeps a cluster out of a VPC that is there. */
export function vpcProblems(
    id: string,
    region: string,
    cluster: string,
    machines: number,
    found: { readonly region?: string; readonly ipRange?: string } = {},
): Problem[] {
    const { region: where = region, ipRange = "" } = found;
    const room = vpcRoom(ipRange);
    const problem = (allowed: string): Problem => ({
        path: "platform.vpc.id",
        given: given(id),
        allowed,
    });
    return [
        ...(where === region ? [] : [problem(`that VPC is in ${where}, and not in ${region}`)]),
        ...(room >= machines
            ? []
            : [
                  problem(
                      `that VPC, ${ipRange}, has room for ${room} machines, and "${cluster}" has ${machines}; take a larger one`,
                  ),
              ]),
    ];
}
