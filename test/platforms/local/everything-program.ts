/** A program whose services use everything that a service can say. */
import * as pulumi from "@pulumi/pulumi";
import { Cluster, Service } from "../../../lib/index.js";
import { Local } from "../../../lib/platforms/local/index.js";

const cluster = new Cluster("demo", {
    platform: new Local("local", { subnet: "10.80.0.0/24" }),
    members: { count: 3, metadata: { role: "web" } },
});

const web = new Service("web", {
    cluster,
    unit: {
        Unit: { Description: "web on port %i" },
        Service: { ExecStart: "/bin/sleep 1000", CPUWeight: 200, MemoryMax: "64M" },
        "X-Fleet": { MachineMetadata: "role=web", Conflicts: "web@*.service" },
    },
    instances: {
        "8888": {},
        "9999": {
            unit: { Service: { ExecStart: "/bin/sleep 2000" } },
            environment: { GREETING: '100% "new" $HOME \\ \n' },
            units: { "web-announce": { Service: { Nice: 5 } } },
        },
    },
    units: {
        "web-announce": {
            Unit: { BindsTo: "web@%i.service", After: "web@%i.service" },
            Service: { ExecStart: "/bin/sleep 3000" },
        },
        "web-tick.timer": { Timer: { OnUnitActiveSec: 60, OnActiveSec: 60 } },
        "web-tick": { Service: { Type: "oneshot", ExecStart: "/bin/true" } },
        "web-listen.socket": {
            Socket: { ListenStream: "/run/web-%i.sock", Service: "web-answer@%i.service" },
        },
        "web-answer": { Service: { ExecStart: "/bin/sleep 1000" } },
        "web-watch.path": { Path: { PathExists: "/run/web-%i", Unit: "web-tick@%i.service" } },
    },
    environment: { GREETING: "hello", PORT: 80, DEBUG: false },
    dropIns: {
        "10-limits.conf": { Service: { TasksMax: 100, MemoryHigh: "48M", IOWeight: 50 } },
        "20-user.conf": "[Service]\nEnvironment=LATE=yes\nCPUQuota=50%\n",
    },
    secrets: { token: pulumi.secret("hunter2") },
    check: {
        http: { port: "%i", path: "/up?a=%20" },
        tcp: { port: "%i" },
        command: "test -e '/run/web-%i' || echo \"$HOSTNAME\" 100%",
        every: 2.5,
    },
    rollout: { parallel: 2, onFailure: "revert", settle: 2 },
});

const agent = new Service("agent", {
    cluster,
    unit: { Service: { ExecStart: "/bin/sleep 1000" }, "X-Fleet": { Global: true } },
    check: { tcp: { port: 22 }, every: 10 },
});

export const services = [web.summary, agent.summary];
