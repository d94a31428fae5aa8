import { SshKey } from "@pulumi/digitalocean/sshKey";
import * as pulumi from "@pulumi/pulumi";
import { rejectArguments } from "../../constructs/reject.js";
import { type ClusterShape, hasEtcd, MEMBERS, type PlannedMachine } from "../../plan/shape.js";
import type {
    CreatedMachine,
    MachinesRequest,
    Platform,
    PlatformPlan,
    PlatformTraits,
} from "../../platform.js";
import { cloudName } from "../cloud-name.js";
import { LoadBalancerAddresses } from "../load-balancer-addresses.js";
import type { DigitalOceanArgs } from "./args.js";
import { clusterFirewalls } from "./firewall.js";
import { dropletImage } from "./image.js";
import { groupLoadBalancer } from "./load-balancer.js";
import { dropletMachine, sizeOf } from "./machine.js";
import { vpcId } from "./network.js";
import { requireOffer } from "./offer.js";
import { argumentProblems, platformProblems } from "./problems.js";
import { volumeDocument } from "./volume.js";

/**
 * Droplets of DigitalOcean, in a VPC behind firewalls. Their addresses are known only once they are made, so
 * that etcd's members find each other by a list that is delivered over SSH, unless told otherwise.
 *
 * Needs the package `@pulumi/digitalocean` and its credentials (`DIGITALOCEAN_TOKEN`).
 */
export class DigitalOcean extends pulumi.ComponentResource implements Platform {
    /** What holds for every droplet. */
    readonly traits: PlatformTraits = {
        name: "digitalocean",
        // docs.digitalocean.com, reference/api, POST /v2/droplets: 64 KiB of plain text.
        userData: { limit: 65_536, gzip: false },
        publicIpv4: true,
        user: "core",
    };
    private readonly image: pulumi.Output<string>;
    /** What everything waits for. */
    private readonly offered: Promise<pulumi.Resource[]>;
    private readonly balancers: LoadBalancerAddresses;

    constructor(
        name: string,
        private readonly args: DigitalOceanArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("pulumi-coreos:digitalocean:DigitalOcean", name, {}, opts);
        this.balancers = new LoadBalancerAddresses(name);
        rejectArguments(`DigitalOcean "${name}"`, argumentProblems(args), this);
        const offered = requireOffer(name, args, { parent: this });
        this.offered = offered.then(() => []);
        this.image = dropletImage(name, args, this, this.offered);
        // Where no cluster waits for it, nobody else would hear of it.
        this.registerOutputs(this.offered.then(() => ({})));
    }

    plan(shape: ClusterShape, machines: readonly PlannedMachine[]): PlatformPlan {
        const problems = platformProblems(this.args, shape, machines.length);
        return this.args.etcdVolume !== undefined && hasEtcd(shape)
            ? { problems, documents: { [MEMBERS]: volumeDocument() } }
            : { problems };
    }

    create(request: MachinesRequest): Record<string, CreatedMachine> {
        const { shape, machines, parent } = request;
        const provider = this.getProvider("digitalocean:index/droplet:Droplet");
        const own = { parent, ...(provider === undefined ? {} : { provider }) };
        const opts = { ...own, dependsOn: this.offered };
        const lookUps = { opts: own, offered: this.offered };
        const { sshKeys: ofAccount = [], sshFrom, loadBalancers = [] } = this.args;
        if (request.sshAuthorizedKeys.length + ofAccount.length === 0) {
            // docs.digitalocean.com, products/custom-images/details/limits.
            const allowed =
                "DigitalOcean makes no droplet of a custom image without an SSH key; " +
                "give one here, or name one of the account in the platform's `sshKeys`";
            const problem = { path: "sshAuthorizedKeys", given: "none", allowed };
            rejectArguments(`Cluster "${shape.name}"`, [problem], parent);
        }
        const sshKeys = request.sshAuthorizedKeys.map((publicKey, index) => {
            const name = cloudName("-", shape.name, String(index + 1));
            return new SshKey(`${shape.name}-ssh-key-${index + 1}`, { name, publicKey }, opts).id;
        });
        const vpcUuid = vpcId(shape.name, machines.length, this.args, lookUps, opts);
        const settings = {
            cluster: shape.name,
            image: this.image,
            vpcUuid,
            sshKeys: [...sshKeys, ...ofAccount],
            before: clusterFirewalls(shape, sshFrom, opts),
        };
        const made = machines.map((machine): [string, CreatedMachine] => {
            const userData = request.userData[machine.group] ?? "";
            const from = [this.image, settings.sshKeys, sizeOf(machine.group, this.args)];
            const before = [...settings.before, ...request.order.before(machine, from)];
            const shared = { ...settings, before };
            const droplet = dropletMachine(machine, userData, shared, this.args, opts);
            request.order.made(machine, droplet);
            return [machine.name, droplet];
        });
        for (const group of loadBalancers) {
            const { expose = [] } = shape.workers?.[group] ?? {};
            const { ip } = groupLoadBalancer(shape.name, group, expose, vpcUuid, this.args, opts);
            this.balancers.add(shape.name, group, ip);
        }
        return Object.fromEntries(made);
    }

    /**
     * Address of the load balancer of a worker group, once the cluster is declared.
     *
     * @throws pulumi.RunError where the group has none
     */
    loadBalancerAddress(cluster: string, group: string): pulumi.Output<string> {
        return this.balancers.of(cluster, group);
    }
}
