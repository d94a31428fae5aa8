import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { FLEET_SOCKET, withAccess } from "../../clients/index.js";
import { goBuild } from "../../platforms/local/go-build.js";
import { forward } from "../forward.js";
import { readCluster } from "../outputs.js";
import { runProgram } from "../program-run.js";
import { openStack, type StackOptions, withStackOption } from "../stack.js";

/** `fleetctl ARGS`: fleet's own client, on this host. */
export function fleetctlCommand(): Command {
    return withStackOption(new Command("fleetctl"))
        .summary("run fleetctl against the cluster")
        .description(
            "Runs fleetctl 1.0.0 on this host against the fleet of a stack, through SSH: list-machines, list-units, start FILE… Unit files are those of this host. For a journal use `logs`, for a shell `ssh`.",
        )
        .argument("[args...]", "arguments of fleetctl")
        .passThroughOptions()
        .allowUnknownOption()
        .action(async (args: string[], options: StackOptions) => {
            const stack = openStack(options);
            const { connection } = await readCluster(stack);
            const folder = await stack.progress.run("Building fleetctl", (say) =>
                goBuild("fleet", say),
            );
            process.exitCode = await withAccess(connection, async (access) => {
                const session = await access.session();
                const temporary = mkdtempSync(join(tmpdir(), "pulumi-coreos-"));
                const socket = join(temporary, "fleet.sock");
                const tunnel = await forward(socket, () =>
                    session.dial({ socketPath: FLEET_SOCKET }),
                );
                try {
                    const environment = { ...process.env, FLEETCTL_ENDPOINT: `unix://${socket}` };
                    return await runProgram(join(folder, "fleetctl"), args, environment);
                } finally {
                    tunnel.close();
                    rmSync(temporary, { recursive: true, force: true });
                }
            });
        });
}
