import * as pulumi from "@pulumi/pulumi";

/** Addresses of the load balancers that a platform has made, by cluster and worker group. */
export class LoadBalancerAddresses {
    private readonly known = new Map<string, pulumi.Output<string>>();

    /** @param platform its name, for messages */
    constructor(private readonly platform: string) {}

    /** Notes the address of a group's load balancer. */
    add(cluster: string, group: string, address: pulumi.Output<string>): void {
        this.known.set(`${cluster}/${group}`, address);
    }

    /** @throws pulumi.RunError where the group has none */
    of(cluster: string, group: string): pulumi.Output<string> {
        const address = this.known.get(`${cluster}/${group}`);
        if (address === undefined) {
            const hint = "name the group in `loadBalancers`, and declare the cluster first";
            throw new pulumi.RunError(
                `platform "${this.platform}" has no load balancer for the group "${group}" of "${cluster}"; ${hint}`,
            );
        }
        return address;
    }
}
