import { join } from "node:path";
import { Command } from "commander";
import { withAccess } from "../../clients/index.js";
import { goBuild } from "../../platforms/local/go-build.js";
import { forward } from "../forward.js";
import { readCluster } from "../outputs.js";
import { runProgram } from "../program-run.js";
import { openStack, type StackOptions, withStackOption } from "../stack.js";

/** `etcdctl ARGS`: etcd's own client, on this host. */
export function etcdctlCommand(): Command {
    return withStackOption(new Command("etcdctl"))
        .summary("run etcdctl against the cluster")
        .description(
            "Runs etcdctl 3.5 on this host against all etcd members of a stack, through SSH: member list, endpoint health, get --prefix KEY… For the v2 keys that fleet uses set ETCDCTL_API=2.",
        )
        .argument("[args...]", "arguments of etcdctl")
        .passThroughOptions()
        .allowUnknownOption()
        .action(async (args: string[], options: StackOptions) => {
            const stack = openStack(options);
            const { connection, etcdEndpoints } = await readCluster(stack);
            if (etcdEndpoints.length === 0) {
                throw new Error(`Stack ${stack.name} has no etcd: its etcdEndpoints are empty.`);
            }
            const folder = await stack.progress.run("Building etcdctl", (say) =>
                goBuild("etcd", say),
            );
            process.exitCode = await withAccess(connection, async (access) => {
                const session = await access.session();
                const tunnels = await Promise.all(
                    etcdEndpoints.map((endpoint) => {
                        const { hostname, port } = new URL(endpoint);
                        return forward(undefined, () => session.dial(hostname, Number(port)));
                    }),
                );
                try {
                    const endpoints = tunnels
                        .map(({ port }) => `http://127.0.0.1:${port}`)
                        .join(",");
                    const environment = { ...process.env, ETCDCTL_ENDPOINTS: endpoints };
                    return await runProgram(join(folder, "etcdctl"), args, environment);
                } finally {
                    for (const tunnel of tunnels) {
                        tunnel.close();
                    }
                }
            });
        });
}
