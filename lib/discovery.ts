import * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "./constructs/dynamic-resource.js";
import { plainValue } from "./constructs/inputs.js";
import { rejectArguments } from "./constructs/reject.js";
import {
    discoveryEndpoint,
    PUBLIC_DISCOVERY,
    validateDiscoveryEndpoint,
    validateDiscoveryUrl,
    validateTokenSize,
} from "./etcd/index.js";
import type { Problem } from "./problem.js";
import { PROVIDERS } from "./providers/tokens.js";

/** What a {@link DiscoveryToken} is made from. */
export interface DiscoveryTokenArgs {
    /** Number of etcd members that the cluster begins with: all of them must come before any of them starts. */
    readonly size: number;
    /**
     * Where it is made; default the public service https://discovery.etcd.io, which is somebody
     * else's: it has been down before, sees the members' addresses, and forgets a token after about 12
     * hours. Otherwise the URL of another such service, or of any etcd that has the v2 API
     * (`--enable-v2`), told apart by `/v2/keys` in its path: `http://10.0.0.2:2379/v2/keys/discovery`. The
     * machines and the host that runs Pulumi must both reach it, by this URL.
     */
    readonly endpoint?: pulumi.Input<string>;
    /** URL of a token that exists already, instead of `endpoint`: it is looked at once, and never removed. */
    readonly url?: pulumi.Input<string>;
}

/**
 * A token by which etcd's members find each other at their first start (etcd 3.5: `--discovery`). It
 * is made once and kept; nothing makes it anew but a new resource, since a token bootstraps one cluster.
 * A changed `size` or `endpoint` is an error of the preview. `pulumi destroy` removes it from an etcd,
 * and leaves a service's tokens to the service.
 *
 * Members that have data never look at it again: it may expire once the cluster runs.
 *
 * A {@link Cluster} takes it as `bootstrap: { discovery: token }`. On its own, with a hand-written
 * cloud-config:
 *
 * ```ts
 * const { url } = new DiscoveryToken("demo", { size: 3 });
 * const userData = pulumi.interpolate`#cloud-config
 * coreos:
 *   units:
 *     - name: etcd-member.service
 *       command: start
 *       drop_ins:
 *         - name: 20-cluster.conf
 *           content: |
 *             [Service]
 *             Environment="ETCD_DISCOVERY=${url}"
 *             Environment="ETCD_LISTEN_CLIENT_URLS=http://127.0.0.1:2379,http://$private_ipv4:2379"
 *             Environment="ETCD_ADVERTISE_CLIENT_URLS=http://$private_ipv4:2379"
 *             Environment="ETCD_LISTEN_PEER_URLS=http://$private_ipv4:2380"
 *             Environment="ETCD_INITIAL_ADVERTISE_PEER_URLS=http://$private_ipv4:2380"
 * `;
 * ```
 *
 * @throws pulumi.RunError with every problem of the arguments, before anything is made
 */
export class DiscoveryToken extends DynamicResource {
    /** For etcd's `--discovery`. */
    declare readonly url: pulumi.Output<string>;
    /** The last part of {@link url}. */
    declare readonly token: pulumi.Output<string>;
    /** Number of members that it is for. */
    readonly members: number;
    /** The resource's name, which stands for the URL in a preview that does not know it yet. */
    readonly label: string;

    /** @param opts `customTimeouts.create` limits the wait for the endpoint; default one minute. */
    constructor(name: string, args: DiscoveryTokenArgs, opts: pulumi.CustomResourceOptions = {}) {
        rejectArguments(`DiscoveryToken "${name}"`, problemsOf(args));
        const { size, url, endpoint = PUBLIC_DISCOVERY } = args;
        const place = pulumi.output(endpoint).apply((text) => discoveryEndpoint(text).url);
        super(
            PROVIDERS.discoveryToken,
            name,
            { size, ...(url === undefined ? { endpoint: place } : { url }) },
            url === undefined ? ["url", "token"] : ["token"],
            { create: 60, update: 60, delete: 60 },
            opts,
        );
        this.members = size;
        this.label = name;
    }
}

function problemsOf({ size, endpoint, url }: DiscoveryTokenArgs): Problem[] {
    const known = (value: pulumi.Input<string> | undefined): string | undefined =>
        value === undefined ? undefined : plainValue<string>(value);
    const [plainEndpoint, plainUrl] = [known(endpoint), known(url)];
    return [
        ...validateTokenSize("size", size),
        ...(endpoint !== undefined && url !== undefined
            ? [{ path: "url", allowed: "is for a token that exists; leave `endpoint` out" }]
            : []),
        ...(plainEndpoint === undefined
            ? []
            : validateDiscoveryEndpoint("endpoint", plainEndpoint)),
        ...(plainUrl === undefined ? [] : validateDiscoveryUrl("url", plainUrl)),
    ];
}
