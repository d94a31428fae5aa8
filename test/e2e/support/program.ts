import { hello, helloPort, helloProgram } from "../../../stacks/hello.js";

/** Arguments of a cluster as they stand in a program, without its platform. */
export type ClusterText = Readonly<Record<string, unknown>>;

/** The beginning of every program. */
const head = `const pulumi = require("@pulumi/pulumi");
const coreos = require("pulumi-coreos");
`;

/** A platform as it stands in a program. */
export interface PlatformText {
    /** What it is imported from, and as what. */
    readonly name: string;
    readonly from: string;
    readonly args: Readonly<Record<string, unknown>>;
}

const local: PlatformText = { name: "Local", from: "pulumi-coreos/local", args: {} };

/** The machines of simulated clouds have etcd and fleet, unless they are told otherwise. */
function platformOf({ name, from, args }: PlatformText): string {
    const platform = `new (require(${json(from)}).${name})(${json(name.toLowerCase())}, ${json(args)})`;
    return `platform: ${platform},${name === local.name ? "" : '\n    binaries: "image",'}`;
}

/** What every program exports. */
const outputs = `exports.machines = cluster.machines;
exports.etcdEndpoints = cluster.etcdEndpoints;
exports.sshConfig = cluster.sshConfig;
exports.sshPrivateKey = cluster.sshPrivateKey;
exports.connection = pulumi.secret(cluster.connection);
`;

/** A program with a cluster and the demo's service on it. */
export function helloCluster(
    cluster: string,
    args: ClusterText,
    service: {
        readonly instances: number;
        readonly metadata?: string;
        /** Seconds that each instance takes to start. */
        readonly startsAfter?: number;
    },
    platform: PlatformText = local,
): string {
    const { "X-Fleet": xFleet, ...sections } = hello;
    const metadata = service.metadata === undefined ? {} : { MachineMetadata: service.metadata };
    const { startsAfter } = service;
    const slow = startsAfter === undefined ? {} : { ExecStartPre: `/bin/sleep ${startsAfter}` };
    const unit = {
        ...sections,
        Service: { ...sections.Service, ...slow },
        "X-Fleet": { ...xFleet, ...metadata },
    };
    return `${head}
const cluster = new coreos.Cluster(${json(cluster)}, {
    ${platformOf(platform)}
    files: [${json(helloProgram)}],
    ...${json(args)},
});
const service = new coreos.Service("hello", {
    cluster,
    instances: ${service.instances},
    unit: ${json(unit)},
});
${outputs}exports.services = [service.summary];
exports.urls = pulumi.all([cluster.urls, service.id]).apply(([urls]) => urls);
`;
}

/** A program with a cluster alone. */
export function bareCluster(
    cluster: string,
    args: ClusterText,
    platform: PlatformText = local,
): string {
    return `${head}
const cluster = new coreos.Cluster(${json(cluster)}, {
    ${platformOf(platform)}
    ...${json(args)},
});
${outputs}`;
}

/** Port of the demo's service. */
export const port = helloPort;

function json(value: unknown): string {
    return JSON.stringify(value, null, 4);
}
