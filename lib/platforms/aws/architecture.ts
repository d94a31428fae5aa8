import type { Architecture as Binaries } from "../../binaries/index.js";
import type { InstanceType } from "./args.js";

/** A processor, as EC2 calls it. */
export type Architecture = "x86_64" | "arm64";

/**
 * The processor of an instance type, which is in its name: `g` after the generation stands for Graviton.
 * Source: docs.aws.amazon.com, ec2/latest/instancetypes/instance-type-names.
 */
export function architectureOf(type: InstanceType): Architecture {
    return /^(a1|[a-z]+\d+[a-z-]*g)/.test(type) ? "arm64" : "x86_64";
}

/** The programs that run on an instance type. */
export function binariesFor(type: InstanceType): Binaries {
    return architectureOf(type) === "arm64" ? "arm64" : "amd64";
}
