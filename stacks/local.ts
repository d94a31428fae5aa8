import * as pulumi from "@pulumi/pulumi";
import * as coreos from "pulumi-coreos";
import { Local } from "pulumi-coreos/local";
import { hello, helloPort, helloProgram } from "./hello";

const config = new pulumi.Config();
const subnet = config.get("subnet");
const size = config.getNumber("members") ?? 3;

const cluster = new coreos.Cluster("demo", {
    platform: new Local("local", subnet === undefined ? {} : { subnet }),
    members: { count: size, metadata: { role: "member" }, expose: [helloPort] },
    files: [helloProgram],
});

const service = new coreos.Service("hello", {
    cluster,
    instances: config.getNumber("instances") ?? size,
    unit: hello,
});

export const machines = cluster.machines;
export const etcdEndpoints = cluster.etcdEndpoints;
export const sshConfig = cluster.sshConfig;
export const sshPrivateKey = cluster.sshPrivateKey;
export const connection = pulumi.secret(cluster.connection);
export const services = [service.summary];
export const urls = pulumi.all([cluster.urls, service.id]).apply(([all]) => all);
