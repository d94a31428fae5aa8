/** The programs of cluster-reference.test.ts, by the name that the test asks for. */
import * as pulumi from "@pulumi/pulumi";
import {
    type ClusterMachine,
    ClusterReference,
    type ReferencedCluster,
    Service,
    type ServiceArgs,
    SshKey,
} from "../../lib/index.js";

const unit = { Service: { ExecStart: "/bin/true" } };

function machine(number: number, fleet = true): ClusterMachine {
    const name = `demo-${number}`;
    const metadata = number === 3 ? { role: "web" } : { role: "db" };
    const own = { name, role: "member", metadata, machineId: String(number), fleet } as const;
    return { ...own, privateIp: `192.0.2.${number}`, publicIp: null, etcd: true };
}

function demo(fleet = true): ReferencedCluster {
    const machines = [1, 2, 3].map((number) => machine(number, fleet));
    const hosts = machines.map(({ name, privateIp }) => ({ name, address: privateIp }));
    return {
        name: "demo",
        machines,
        disks: Object.fromEntries(machines.map(({ name }) => [name, `disk-of-${name}`])),
        connection: { user: "core", privateKey: "hunter2", hosts },
    };
}

function referenced(output: string): ClusterReference {
    const infra = new pulumi.StackReference("organization/bad-input/infra");
    return new ClusterReference("demo", infra.getOutput(output));
}

function service(cluster: ClusterReference, args: Partial<ServiceArgs> = {}, name = "api"): void {
    new Service(name, { cluster, unit, ...args });
}

const wanting = (metadata: string) => ({ ...unit, "X-Fleet": { MachineMetadata: metadata } });

/** A cluster that this very update would bring up. */
function unknown(): ClusterReference {
    const { publicKey } = new SshKey("early", { comment: "x" });
    return new ClusterReference(
        "demo",
        publicKey.apply(() => demo()),
    );
}

const programs: Readonly<Record<string, () => unknown>> = {
    infra: () => ({
        cluster: pulumi.secret(demo()),
        withoutFleet: pulumi.secret(demo(false)),
    }),
    fine: () => {
        const cluster = referenced("cluster");
        const secrets = { token: "other secret" };
        service(cluster, { instances: 2, unit: wanting("role=db"), secrets });
    },
    impossible: () => service(referenced("cluster"), { unit: wanting("role=cache") }),
    impossibleLate: () => {
        const { publicKey } = new SshKey("early", { comment: "x" });
        const text = pulumi.output(
            "[Service]\nExecStart=/x\n[X-Fleet]\nMachineMetadata=role=cache\n",
        );
        const cluster = referenced("cluster");
        service(cluster, { unit: text, environment: { KEY: publicKey } });
        service(cluster, { unit: text }, "known");
    },
    enemies: () => {
        const cluster = referenced("cluster");
        service(cluster, { unit: { ...unit, "X-Fleet": { MachineOf: "b.service" } } }, "a");
        service(cluster, { unit: { ...unit, "X-Fleet": { Conflicts: "a.service" } } }, "b");
    },
    withoutFleet: () => service(referenced("withoutFleet"), { secrets: { token: "x" } }),
    notThere: () => {
        const cluster = referenced("clutser");
        service(cluster, { secrets: { token: "x" } });
        service(cluster, {}, "other");
    },
    badText: () => service(referenced("cluster"), { instances: -1, unit: wanting("role=cache") }),
    unknown: () => {
        const cluster = unknown();
        service(cluster, { unit: wanting("role=cache"), secrets: { token: "x" } });
        service(cluster, { unit: wanting("role=cache") }, "other");
    },
};

export = programs[process.env["REFERENCE_CASE"] ?? ""]?.();
