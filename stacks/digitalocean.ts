import { SpacesBucket } from "@pulumi/digitalocean/spacesBucket";
import * as pulumi from "@pulumi/pulumi";
import * as coreos from "pulumi-coreos";
import {
    DigitalOcean,
    type DropletSize,
    FleetBuild,
    type Region,
} from "pulumi-coreos/digitalocean";
import { helloPort, helloProgram } from "./hello";
import { outputsOf } from "./outputs";
import { declareServices, web } from "./services";

// Settings of a stack `digitalocean` or `digitalocean-…`, with their defaults; `pulumi config set NAME VALUE`. Its
// credentials are `digitalocean:token`, a secret, or the variable DIGITALOCEAN_TOKEN.
const config = new pulumi.Config();
const settings = {
    /** Where everything is. */
    region: config.get<Region>("region") ?? "sgp1",
    /** etcd members; an odd number. */
    members: config.getNumber("members") ?? 3,
    /** Workers, each of which runs an instance of the demo. */
    workers: config.getNumber("workers") ?? 2,
    /** Of all droplets. */
    size: config.get<DropletSize>("size") ?? "s-1vcpu-2gb",
    /** Release of Flatcar's channel `stable`, which is imported into the account. */
    flatcar: config.get("flatcar") ?? "4593.2.5",
    /** Archive of fleet, as `{ "url": …, "sha256": … }`; default one that is built here and kept in a Space. */
    fleet: config.getObject<coreos.ArchiveArgs>("fleet"),
    /** Addresses and networks that SSH is let in from. */
    sshFrom: config.getObject<string[]>("sshFrom") ?? ["0.0.0.0/0", "::/0"],
    /** GiB of the volume for each member's etcd. */
    etcdVolume: config.getNumber("etcdVolume") ?? 8,
    /** Endpoint of a discovery service for the members; default none: their list is delivered over SSH. */
    discovery: config.get("discovery"),
    /** Whether each worker has a reserved address. */
    reservedAddresses: config.getBoolean("reservedAddresses") ?? false,
    /** Whether a load balancer stands in front of the workers. */
    loadBalancer: config.getBoolean("loadBalancer") ?? false,
};

const platform = new DigitalOcean("digitalocean", {
    region: settings.region,
    sizes: { default: settings.size },
    image: { flatcar: { version: settings.flatcar } },
    sshFrom: settings.sshFrom,
    etcdVolume: { size: settings.etcdVolume },
    ...(settings.reservedAddresses ? { reservedAddresses: ["web"] } : {}),
    ...(settings.loadBalancer ? { loadBalancers: ["web"] } : {}),
});

/** Needs keys of Spaces: SPACES_ACCESS_KEY_ID, SPACES_SECRET_ACCESS_KEY. */
function fleetInSpace(region: Region): FleetBuild {
    const space = new SpacesBucket("fleet", { region, forceDestroy: true });
    return new FleetBuild("fleet", { bucket: space.name, region });
}

const { members: size, discovery: endpoint } = settings;
const cluster = new coreos.Cluster("demo", {
    platform,
    members: { count: settings.members },
    workers: { web: { count: settings.workers, metadata: web, expose: [helloPort] } },
    files: [helloProgram],
    binaries: { fleet: settings.fleet ?? fleetInSpace(settings.region) },
    ...(endpoint === undefined
        ? {}
        : { bootstrap: { discovery: new coreos.DiscoveryToken("demo", { size, endpoint }) } }),
});

export = {
    ...outputsOf(cluster, declareServices(cluster, settings.workers)),
    loadBalancer: settings.loadBalancer ? platform.loadBalancerAddress("demo", "web") : undefined,
};
