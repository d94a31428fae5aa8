import * as pulumi from "@pulumi/pulumi";
import type { ConnectionArgs } from "../cluster-args.js";
import type { Connection } from "../connection.js";
import type { DeepInput } from "./inputs.js";

/** The key that logs in, as a secret; known as absent where an agent has it. */
export function secretOutput(
    key: pulumi.Input<string> | undefined,
): pulumi.Output<string | undefined> {
    return key === undefined ? pulumi.output(undefined) : pulumi.secret(key);
}

/** How the machines are reached, but for the machines themselves. */
export function connectionInputs(
    platformUser: string,
    privateKey: pulumi.Output<string | undefined>,
    { agent, jump }: ConnectionArgs,
): Extract<DeepInput<Omit<Connection, "hosts">>, { user: unknown }> {
    return {
        user: platformUser,
        ...(agent === undefined ? { privateKey: privateKey.apply((key) => key ?? "") } : { agent }),
        ...(jump === undefined
            ? {}
            : {
                  jump: {
                      ...jump,
                      name: jump.name ?? "jump host",
                      ...(jump.privateKey === undefined
                          ? {}
                          : { privateKey: pulumi.secret(jump.privateKey) }),
                  },
              }),
    };
}
