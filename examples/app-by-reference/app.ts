import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as coreos from "pulumi-coreos";
import { quoteArgument } from "pulumi-coreos/systemd";

const config = new pulumi.Config();
const here = `${pulumi.getOrganization()}/${pulumi.getProject()}`;
// Another project's stack is named in full: `pulumi config set cluster organization/pulumi-coreos/local`.
const infra = new pulumi.StackReference(config.get("cluster") ?? `${here}/local`);
const cluster = new coreos.ClusterReference("apps", infra.requireOutput("cluster"));

const script = readFileSync(join(__dirname, "greet.sh"), "utf8");

const greeter = new coreos.Service("greeter", {
    cluster,
    instances: config.getNumber("instances") ?? 3,
    unit: {
        Unit: { Description: "greeter %i" },
        Service: {
            ExecStart:
                "/usr/bin/systemd-socket-activate --accept --inetd --setenv=CREDENTIALS_DIRECTORY " +
                `--listen=8080 /bin/bash -c ${quoteArgument(script)}`,
            Restart: "always",
        },
        "X-Fleet": { MachineMetadata: "role=web", Conflicts: "greeter@*.service" },
    },
    // `pulumi config set --secret greeting …`
    secrets: { greeting: config.getSecret("greeting") ?? "hello from another stack" },
    check: { http: { port: 8080, path: "/" } },
});

// For `npm run status`, `logs` and `ssh` on this stack.
export const machines = cluster.machines;
export const connection = cluster.connection;
export const services = [greeter.summary];
export const urls = infra.getOutput("urls");
