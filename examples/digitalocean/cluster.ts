import { SpacesBucket } from "@pulumi/digitalocean/spacesBucket";
import * as pulumi from "@pulumi/pulumi";
import * as coreos from "pulumi-coreos";
import { DigitalOcean, FleetBuild, type Region } from "pulumi-coreos/digitalocean";

const config = new pulumi.Config();
const region = config.get<Region>("region") ?? "sgp1";

const platform = new DigitalOcean("digitalocean", {
    region,
    sizes: { default: "s-1vcpu-2gb" },
    sshFrom: config.getObject<string[]>("sshFrom") ?? ["0.0.0.0/0", "::/0"],
    etcdVolume: { size: 8 },
    loadBalancers: ["web"],
});

// Built here, the same on every host, and kept in a Space; etcd is the official release.
const space = new SpacesBucket("fleet", { region, forceDestroy: true });
const fleet = new FleetBuild("fleet", { bucket: space.name, region });

const apps = new coreos.Cluster("apps", {
    platform,
    members: { count: 3 },
    workers: { web: { count: 2, metadata: { role: "web" }, expose: [8080] } },
    binaries: { fleet },
});

export const machines = apps.machines;
export const sshConfig = apps.sshConfig;
export const sshPrivateKey = apps.sshPrivateKey;
export const connection = apps.connection;
// What the stacks of services take.
export const cluster = apps.reference;
export const url = pulumi.interpolate`http://${platform.loadBalancerAddress("apps", "web")}:8080`;
