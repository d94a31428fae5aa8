import * as coreos from "pulumi-coreos";
import { Local } from "pulumi-coreos/local";

const cluster = new coreos.Cluster("store", {
    platform: new Local("local"),
    members: { names: ["store-a", "store-b", "store-c"] },
    fleet: false,
    update: { group: "lts", rebootStrategy: "etcd-lock" },
    // A night of the week in which one machine after the other may reboot.
    cloudConfig: { coreos: { locksmith: { window_start: "Sun 03:00", window_length: "2h" } } },
});

export const machines = cluster.machines;
export const etcdEndpoints = cluster.etcdEndpoints;
export const sshConfig = cluster.sshConfig;
export const connection = cluster.connection;
