import * as pulumi from "@pulumi/pulumi";
import * as coreos from "pulumi-coreos";
import { Aws, FleetBuild } from "pulumi-coreos/aws";

const config = new pulumi.Config();

const platform = new Aws("aws", {
    instanceTypes: { default: "t3.small" },
    sshFrom: config.getObject<string[]>("sshFrom") ?? ["0.0.0.0/0"],
    etcdVolume: { size: 8 },
    loadBalancers: ["web"],
});

const apps = new coreos.Cluster("apps", {
    platform,
    members: { count: 3 },
    // Built here, the same on every host, and kept in a bucket; etcd is the official release.
    binaries: { fleet: new FleetBuild("fleet") },
    workers: { web: { count: 2, metadata: { role: "web" }, expose: [8080] } },
});

export const machines = apps.machines;
export const sshConfig = apps.sshConfig;
export const sshPrivateKey = apps.sshPrivateKey;
export const connection = apps.connection;
// What the stacks of services take.
export const cluster = apps.reference;
export const url = pulumi.interpolate`http://${platform.loadBalancerAddress("apps", "web")}:8080`;
