import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as coreos from "pulumi-coreos";
import { Local } from "pulumi-coreos/local";

const text = (name: string) => readFileSync(join(__dirname, name), "utf8");

const cluster = new coreos.Cluster("hello", {
    platform: new Local("local"),
    members: { count: 3, expose: [8080] },
    // Written at every boot, on every machine.
    files: [{ path: "/opt/bin/hello", permissions: "0755", content: text("hello.sh") }],
    // A unit of the machine itself: systemd starts it at every boot, fleet knows nothing of it.
    units: [
        {
            name: "booted.service",
            command: "start",
            content: {
                Unit: { Description: "remember when this machine booted" },
                Service: {
                    Type: "oneshot",
                    RemainAfterExit: true,
                    ExecStart: "/bin/sh -c '/bin/date --utc +%%FT%%TZ >/run/booted'",
                },
            },
        },
    ],
    // Anything else that cloud-config knows is merged in last: here a drop-in for the library's own unit.
    cloudConfig: {
        write_files: [{ path: "/etc/motd", content: "This machine is made by Pulumi.\n" }],
        coreos: {
            units: [
                {
                    name: "fleet.service",
                    drop_ins: [
                        {
                            name: "10-patience.conf",
                            content: "[Service]\nEnvironment=FLEET_AGENT_TTL=60s\n",
                        },
                    ],
                },
            ],
        },
    },
});

// The file as it is, but for the directives that are written here.
const hello = coreos.Service.fromFile("hello@.service", {
    cluster,
    instances: 3,
    unit: { Service: { Environment: "GREETING=good-morning", Restart: "always" } },
});

export const machines = cluster.machines;
export const etcdEndpoints = cluster.etcdEndpoints;
export const sshConfig = cluster.sshConfig;
export const connection = cluster.connection;
export const services = [hello.summary];
export const urls = cluster.urls;
