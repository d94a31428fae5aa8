import * as pulumi from "@pulumi/pulumi";
import { ARCHITECTURES, type Architecture } from "../binaries/index.js";
import { rejectArguments } from "../constructs/reject.js";
import { given } from "../problem.js";
import { type FleetArchive, fleetArchive } from "./fleet-archive.js";

/**
 * The archive of fleet, as the program of a `FleetBuild` of that name has it.
 *
 * @throws pulumi.RunError for a processor that there is not; the output rejects with one where the build fails
 */
export function builtFleet(
    name: string,
    architecture: Architecture,
    opts: { readonly parent: pulumi.Resource },
): pulumi.Output<FleetArchive> {
    const subject = `FleetBuild "${name}"`;
    if (!ARCHITECTURES.includes(architecture)) {
        const allowed = `must be of ${ARCHITECTURES.join(", ")}`;
        const problem = { path: "architectures", given: given(architecture), allowed };
        rejectArguments(subject, [problem], opts.parent);
    }
    const archive = fleetArchive(architecture).catch((cause: unknown): FleetArchive => {
        const allowed = cause instanceof Error ? cause.message : String(cause);
        rejectArguments(subject, [{ path: architecture, allowed }], opts.parent);
        return { path: "", sha256: "" };
    });
    return pulumi.output(archive);
}
