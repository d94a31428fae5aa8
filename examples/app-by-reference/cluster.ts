import * as coreos from "pulumi-coreos";
import { Local } from "pulumi-coreos/local";

const apps = new coreos.Cluster("apps", {
    platform: new Local("local"),
    members: { count: 3, metadata: { role: "web" }, expose: [8080] },
});

export const machines = apps.machines;
export const etcdEndpoints = apps.etcdEndpoints;
export const sshConfig = apps.sshConfig;
export const connection = apps.connection;
// What the stacks of services take.
export const cluster = apps.reference;
export const urls = apps.urls;
