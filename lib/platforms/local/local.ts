import * as pulumi from "@pulumi/pulumi";
import type { ClusterShape, PlannedMachine } from "../../plan/shape.js";
import type {
    CreatedMachine,
    MachinesRequest,
    Platform,
    PlatformPlan,
    PlatformTraits,
} from "../../platform.js";
import { machineAddress, networkNames, subnetProblems } from "./addresses.js";
import { LocalImage, LocalMachine, LocalNetwork } from "./resources.js";
import { parseSubnet } from "./subnet.js";

/** What a {@link Local} platform is made from. */
export interface LocalArgs {
    /**
     * IPv4 network of a cluster's machines: `10.80.0.0/24`. Default: one that follows from the names
     * of project, stack and cluster. Needed where that one is in use on the host.
     */
    readonly subnet?: string;
}

/**
 * Machines on this very host: systemd in containers, with the original agent and the real etcd and
 * fleet. Needs Linux, root, systemd-nspawn and nftables.
 */
export class Local extends pulumi.ComponentResource implements Platform {
    /** What holds for every machine of this host. */
    readonly traits: PlatformTraits = {
        name: "local",
        // Nothing here sets a limit; the smallest one of the clouds without gzip keeps documents portable.
        userData: { limit: 65_536, gzip: false },
        publicIpv4: false,
        userDataAtBoot: true,
        user: "core",
        hasBinaries: true,
    };
    private readonly image: LocalImage;

    constructor(
        name: string,
        private readonly args: LocalArgs = {},
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("pulumi-coreos:local:Local", name, {}, opts);
        this.image = new LocalImage(`${name}-image`, { parent: this });
        this.registerOutputs({});
    }

    plan(shape: ClusterShape, machines: readonly PlannedMachine[]): PlatformPlan {
        const { subnet } = this.names(shape);
        const problems = subnetProblems(subnet, shape, machines.length);
        const parsed = parseSubnet(subnet);
        return parsed === undefined || problems.length > 0
            ? { problems }
            : { addresses: machineAddress(parsed, machines), problems };
    }

    create(request: MachinesRequest): Record<string, CreatedMachine> {
        const { shape, machines, parent } = request;
        const names = this.names(shape);
        const network = new LocalNetwork(
            `${shape.name}-network`,
            {
                ...names,
                machines: machines.length,
                owner: `${pulumi.getProject()}/${pulumi.getStack()}`,
            },
            { parent },
        );
        const { addresses = {} } = this.plan(shape, machines);
        const prefix = names.subnet.split("/")[1] ?? "24";
        return Object.fromEntries(
            machines.map((planned): [string, CreatedMachine] => {
                const { name, role, group, rollout } = planned;
                const address = addresses[name] ?? "";
                const machine = new LocalMachine(
                    name,
                    {
                        networkId: network.networkId,
                        name,
                        hostname: name,
                        address: `${address}/${prefix}`,
                        imageId: this.image.imageId,
                        userData: request.userData[group] ?? "",
                        sshAuthorizedKeys: [...request.sshAuthorizedKeys],
                        ...(rollout === "reboot" ? {} : { rollout }),
                    },
                    {
                        parent,
                        dependsOn: request.order.before(planned, this.image.imageId),
                        deleteBeforeReplace: true,
                        // A new image, as a new version of the library brings, replaces no member by itself.
                        ignoreChanges:
                            role === "member" && rollout !== "replace" ? ["imageId"] : [],
                    },
                );
                const privateIp = pulumi.output(address);
                const { instanceId: id, started } = machine;
                const created = { id, started, privateIp };
                request.order.made(planned, created);
                return [name, created];
            }),
        );
    }

    private names(shape: ClusterShape) {
        const names = networkNames(pulumi.getProject(), pulumi.getStack(), shape.name);
        return { ...names, subnet: this.args.subnet ?? names.subnet };
    }
}
