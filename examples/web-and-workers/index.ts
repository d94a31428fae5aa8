import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as coreos from "pulumi-coreos";
import { Local } from "pulumi-coreos/local";

const port = 8080;
const text = (name: string) => readFileSync(join(__dirname, name), "utf8");

const cluster = new coreos.Cluster("web", {
    platform: new Local("local"),
    members: { count: 3 },
    workers: {
        front: {
            count: 2,
            metadata: { role: "front" },
            expose: [port],
            files: [
                { path: "/opt/bin/serve", permissions: "0755", content: text("serve.sh") },
                { path: "/srv/web/index.html", content: text("site/index.html") },
            ],
        },
    },
});

// One instance a worker, and none on the members: they have no such metadata.
const site = new coreos.Service("site", {
    cluster,
    instances: 2,
    unit: {
        Unit: { Description: "web site %i" },
        Service: {
            ExecStart: `/usr/bin/systemd-socket-activate --accept --inetd --listen=${port} /opt/bin/serve`,
            Restart: "always",
        },
        "X-Fleet": { MachineMetadata: "role=front", Conflicts: "site@*.service" },
    },
});

export const machines = cluster.machines;
export const etcdEndpoints = cluster.etcdEndpoints;
export const sshConfig = cluster.sshConfig;
export const connection = cluster.connection;
export const services = [site.summary];
export const urls = cluster.urls;
