import * as pulumi from "@pulumi/pulumi";
import * as coreos from "pulumi-coreos";

const config = new pulumi.Config();
const here = `${pulumi.getOrganization()}/${pulumi.getProject()}`;
// Another project's stack is named in full: `pulumi config set cluster acme/infra/prod`.
const infra = new pulumi.StackReference(config.get("cluster") ?? `${here}/cluster`);
const cluster = new coreos.ClusterReference("apps", infra.requireOutput("cluster"));

const image = "docker.io/library/nginx:1.27-alpine";

// One instance a worker. Where those are, and on which cloud, is nowhere in this file.
const site = new coreos.Service("site", {
    cluster,
    instances: 2,
    unit: {
        Unit: { Description: "web site %i", Requires: "docker.service", After: "docker.service" },
        Service: {
            ExecStartPre: ["-/usr/bin/docker rm --force %p-%i", `/usr/bin/docker pull ${image}`],
            ExecStart: `/usr/bin/docker run --rm --name %p-%i --publish 8080:80 ${image}`,
            ExecStop: "/usr/bin/docker stop %p-%i",
            TimeoutStartSec: 300,
        },
        "X-Fleet": { MachineMetadata: "role=web", Conflicts: "site@*.service" },
    },
    check: { http: { port: 8080, path: "/" } },
});

// For `npm run status`, `logs` and `ssh` on this stack.
export const machines = cluster.machines;
export const connection = cluster.connection;
export const services = [site.summary];
export const url = infra.getOutput("url");
