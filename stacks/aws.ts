import * as pulumi from "@pulumi/pulumi";
import * as coreos from "pulumi-coreos";
import { Aws, FleetBuild, type InstanceType } from "pulumi-coreos/aws";
import { helloPort, helloProgram } from "./hello";
import { outputsOf } from "./outputs";
import { declareServices, web } from "./services";

// Settings of a stack `aws` or `aws-…`, with their defaults; `pulumi config set NAME VALUE`. Its region is `aws:region`.
// Credentials are those of the AWS CLI.
const config = new pulumi.Config();
const settings = {
    /** etcd members; an odd number. */
    members: config.getNumber("members") ?? 3,
    /** Workers, each of which runs an instance of the demo. */
    workers: config.getNumber("workers") ?? 2,
    /** Of all machines; `t4g.small` is ARM. */
    instanceType: config.get<InstanceType>("instanceType") ?? "t3.small",
    /** Release of Flatcar's channel `stable`. */
    flatcar: config.get("flatcar") ?? "4593.2.5",
    /** Archive of fleet, as `{ "url": …, "sha256": … }`; default one that is built here and kept in a bucket. */
    fleet: config.getObject<coreos.ArchiveArgs>("fleet"),
    /** Zones that the machines are spread over. */
    zones: config.getNumber("zones") ?? 3,
    /** Addresses and networks that SSH is let in from. */
    sshFrom: config.getObject<string[]>("sshFrom") ?? ["0.0.0.0/0"],
    /** GiB of the volume for each member's etcd. */
    etcdVolume: config.getNumber("etcdVolume") ?? 8,
    /** Whether a load balancer stands in front of the workers. */
    loadBalancer: config.getBoolean("loadBalancer") ?? false,
};

const platform = new Aws("aws", {
    instanceTypes: { default: settings.instanceType },
    image: { flatcar: { version: settings.flatcar } },
    vpc: { zones: settings.zones },
    sshFrom: settings.sshFrom,
    etcdVolume: { size: settings.etcdVolume },
    ...(settings.loadBalancer ? { loadBalancers: ["web"] } : {}),
});

// The `g` after the generation, as in `t4g`, stands for ARM.
const architectures = [/^[a-z]+\d+g/.test(settings.instanceType) ? "arm64" : "amd64"] as const;
const cluster = new coreos.Cluster("demo", {
    platform,
    members: { count: settings.members },
    workers: { web: { count: settings.workers, metadata: web, expose: [helloPort] } },
    files: [helloProgram],
    binaries: { fleet: settings.fleet ?? new FleetBuild("fleet", { architectures }) },
});

export = {
    ...outputsOf(cluster, declareServices(cluster, settings.workers)),
    loadBalancer: settings.loadBalancer ? platform.loadBalancerAddress("demo", "web") : undefined,
};
