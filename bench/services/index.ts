import * as pulumi from "@pulumi/pulumi";
import * as coreos from "pulumi-coreos";
import { Local } from "pulumi-coreos/local";

const instances = Number(process.env["BENCH_INSTANCES"] ?? 0);
const services = Number(process.env["BENCH_SERVICES"] ?? 0);
const unit = { Service: { ExecStart: "/bin/sleep infinity" } };

const cluster = new coreos.Cluster("bench", {
    platform: new Local("local"),
    members: { count: 3 },
});
if (instances > 0) {
    new coreos.Service("bench", { cluster, instances, unit });
}
for (let number = 1; number <= services; number++) {
    new coreos.Service(`bench-${number}`, { cluster, unit });
}

export const connection = pulumi.secret(cluster.connection);
