import { KeyPair } from "@pulumi/aws/ec2/keyPair";
import * as pulumi from "@pulumi/pulumi";
import { USER_DATA_LIMITS } from "../../cloud-config/index.js";
import {
    type ClusterShape,
    groupsOf,
    hasEtcd,
    MEMBERS,
    type PlannedMachine,
} from "../../plan/shape.js";
import type {
    CreatedMachine,
    MachinesRequest,
    Platform,
    PlatformPlan,
    PlatformTraits,
} from "../../platform.js";
import { cloudName } from "../cloud-name.js";
import { LoadBalancerAddresses } from "../load-balancer-addresses.js";
import type { LookUps } from "../look-up.js";
import { placeMachines } from "./addresses.js";
import { type Architecture, architectureOf, binariesFor } from "./architecture.js";
import type { AwsArgs, InstanceType } from "./args.js";
import { securityGroups } from "./firewall.js";
import { instanceImage } from "./image.js";
import { instanceProfiles } from "./instance-profile.js";
import { groupLoadBalancer } from "./load-balancer.js";
import { type GroupSettings, instanceMachine } from "./machine.js";
import { clusterNetwork } from "./network.js";
import { DEFAULT_TYPE, type Offerings, requireOffer } from "./offer.js";
import { platformProblems } from "./problems.js";
import { subnetCidrs } from "./subnets.js";
import { volumeDocument } from "./volume.js";

/**
 * EC2 instances of AWS, in subnets of several zones behind security groups. Their private addresses are chosen
 * beforehand, so that everything is known at preview and etcd's members have their list from the start.
 *
 * Needs the package `@pulumi/aws`, its credentials and its region (`aws:region`).
 */
export class Aws extends pulumi.ComponentResource implements Platform {
    /** What holds for every instance. */
    readonly traits: PlatformTraits;
    /** What everything waits for. */
    private readonly offered: Promise<Offerings>;
    private readonly balancers: LoadBalancerAddresses;

    constructor(
        name: string,
        private readonly args: AwsArgs = {},
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("pulumi-coreos:aws:Aws", name, {}, opts);
        this.balancers = new LoadBalancerAddresses(name);
        this.traits = {
            name: "aws",
            userData: { limit: USER_DATA_LIMITS.ec2, gzip: true },
            publicIpv4: args.publicAddresses ?? true,
            privateOnly: args.publicAddresses === false,
            user: "core",
        };
        this.offered = requireOffer(name, args, { parent: this });
        // Where no cluster waits for it, nobody else would hear of it.
        this.registerOutputs(this.offered.then(() => ({})));
    }

    plan(shape: ClusterShape, machines: readonly PlannedMachine[]): PlatformPlan {
        const problems = platformProblems(this.args, shape, machines);
        if (problems.length > 0) {
            return { problems };
        }
        const { places } = placeMachines(subnetCidrs(shape.name, this.args), machines);
        const addresses = Object.fromEntries(
            Object.entries(places).map(([name, { address }]) => [name, address]),
        );
        const architectures = Object.fromEntries(
            groupsOf(shape).map(([group]) => [group, binariesFor(this.typeOf(group))]),
        );
        const known = { addresses, architectures, problems };
        return this.args.etcdVolume !== undefined && hasEtcd(shape)
            ? { ...known, documents: { [MEMBERS]: volumeDocument() } }
            : known;
    }

    create(request: MachinesRequest): Record<string, CreatedMachine> {
        const { shape, machines, parent } = request;
        const provider = this.getProvider("aws:ec2/instance:Instance");
        const own = { parent, ...(provider === undefined ? {} : { provider }) };
        const opts = { ...own, dependsOn: this.offered.then((): pulumi.Resource[] => []) };
        const lookUps = { opts: own, offered: this.offered };
        const { places } = placeMachines(subnetCidrs(shape.name, this.args), machines);
        const network = clusterNetwork(shape.name, this.args, lookUps, opts);
        const [first, ...furtherKeys] = request.sshAuthorizedKeys;
        const shared = {
            cluster: shape.name,
            network,
            keyName: first === undefined ? undefined : this.keyPair(shape.name, first, opts),
            furtherKeys,
        };
        const groups = this.groupSettings(request, network.vpcId, lookUps, opts);
        const made = machines.flatMap((machine): [string, CreatedMachine][] => {
            const [place, group] = [places[machine.name], groups[machine.group]];
            if (place === undefined || group === undefined) {
                return [];
            }
            const { publicAddresses = true } = this.args;
            const from = [group.ami, shared.keyName, furtherKeys, group.type, publicAddresses];
            const own = { ...shared, before: request.order.before(machine, from) };
            const instance = instanceMachine(machine, place, own, group, this.args, opts);
            request.order.made(machine, instance);
            return [[machine.name, instance]];
        });
        const created = Object.fromEntries(made);
        for (const group of this.args.loadBalancers ?? []) {
            const targets = machines.flatMap((machine) => {
                const { id } = created[machine.name] ?? {};
                return machine.group === group && id !== undefined ? [{ ...machine, id }] : [];
            });
            const balancer = groupLoadBalancer(
                shape.name,
                group,
                targets,
                network,
                this.args,
                opts,
            );
            this.balancers.add(shape.name, group, balancer.dnsName);
        }
        return created;
    }

    /**
     * Name of the load balancer of a worker group, once the cluster is declared.
     *
     * @throws pulumi.RunError where the group has none
     */
    loadBalancerAddress(cluster: string, group: string): pulumi.Output<string> {
        return this.balancers.of(cluster, group);
    }

    private keyPair(
        cluster: string,
        publicKey: pulumi.Output<string>,
        opts: pulumi.CustomResourceOptions,
    ): pulumi.Output<string> {
        const { tags = {} } = this.args;
        const keyName = cloudName("-", cluster);
        const own = { ...opts, deleteBeforeReplace: true };
        return new KeyPair(`${cluster}-ssh-key`, { keyName, publicKey, tags }, own).keyName;
    }

    private groupSettings(
        { shape, userData }: MachinesRequest,
        vpcId: pulumi.Input<string>,
        lookUps: LookUps,
        opts: pulumi.CustomResourceOptions,
    ): Record<string, GroupSettings> {
        const firewalls = securityGroups(shape, vpcId, this.args, opts);
        const profiles = instanceProfiles(shape.name, this.args, opts);
        const images = new Map<Architecture, pulumi.Output<string>>();
        return Object.fromEntries(
            groupsOf(shape).map(([group]) => {
                const type = this.typeOf(group);
                const architecture = architectureOf(type);
                const subject = `Cluster "${shape.name}"`;
                const ami =
                    images.get(architecture) ??
                    instanceImage(this.args, { subject, architecture, type }, lookUps);
                images.set(architecture, ami);
                const settings = {
                    ami,
                    type,
                    securityGroups: firewalls[group] ?? [],
                    profile: profiles[group],
                    text: userData[group] ?? "",
                };
                return [group, settings];
            }),
        );
    }

    private typeOf(group: string): InstanceType {
        const { instanceTypes = {} } = this.args;
        return instanceTypes[group] ?? instanceTypes.default ?? DEFAULT_TYPE;
    }
}
