import * as pulumi from "@pulumi/pulumi";
import * as coreos from "pulumi-coreos";
import { Local } from "pulumi-coreos/local";
import { helloPort, helloProgram } from "./hello";
import { outputsOf } from "./outputs";
import { declareServices, web } from "./services";

// Settings of a stack `local` or `local-…`, with their defaults; `pulumi config set NAME VALUE`.
const config = new pulumi.Config();
const members = config.getNumber("members") ?? 3;
const settings = {
    /** Machines, each of them an etcd member; an odd number. */
    members,
    /** Instances of the demo, one a machine. */
    instances: config.getNumber("instances") ?? members,
    /** Network of the machines; default one that follows from the names of project, stack and cluster. */
    subnet: config.get("subnet"),
};

const { subnet } = settings;
const cluster = new coreos.Cluster("demo", {
    platform: new Local("local", subnet === undefined ? {} : { subnet }),
    members: { count: settings.members, metadata: web, expose: [helloPort] },
    files: [helloProgram],
});

export = outputsOf(cluster, declareServices(cluster, settings.instances));
