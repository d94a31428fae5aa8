import type { AdditionArgs, ClusterArgs } from "../cluster-args.js";
import type { Problem } from "../problem.js";
import { plainValue } from "./inputs.js";

/** Nobody could log in: the key is the user's, and no machine is told of it. */
export function keyProblems(args: ClusterArgs): Problem[] {
    const { connection = {}, sshAuthorizedKeys = [], members, workers = {} } = args;
    const isOwn = connection.privateKey !== undefined || connection.agent !== undefined;
    const everywhere: (AdditionArgs | undefined)[] = [args, members, ...Object.values(workers)];
    if (!isOwn || sshAuthorizedKeys.length > 0 || everywhere.some(mayBringKeys)) {
        return [];
    }
    const allowed =
        "with a key of yours in `connection`, its public half must be given here: no machine would let Pulumi in";
    return [{ path: "sshAuthorizedKeys", given: "none", allowed }];
}

/** Whether a cloud-config brings keys of its own, as far as it is known by now. */
function mayBringKeys(additions: AdditionArgs | undefined): boolean {
    const { cloudConfig } = additions ?? {};
    if (cloudConfig === undefined) {
        return false;
    }
    const known = plainValue<{ readonly ssh_authorized_keys?: unknown; readonly users?: unknown }>(
        cloudConfig,
    );
    return (
        known === undefined || known.ssh_authorized_keys !== undefined || known.users !== undefined
    );
}
