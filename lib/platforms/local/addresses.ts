import { createHash } from "node:crypto";
import type { ClusterShape, PlannedMachine } from "../../plan/shape.js";
import { given, type Problem } from "../../problem.js";
import { addressAt, machineAddresses, overlaps, parseSubnet, type Subnet } from "./subnet.js";

/** Machines begin here, so that what a reader sees as `.11` is the first. */
const FIRST_MACHINE = 11;
/** Linux: IFNAMSIZ is 16, with the NUL. */
const BRIDGE_LENGTH = 15;
/** Addresses that nobody on the Internet has. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** What names a network on its host. */
export interface NetworkNames {
    /** Directory of its files, and mark of its processes. */
    readonly networkId: string;
    readonly bridge: string;
    /** Used where the user gave none. */
    readonly subnet: string;
}

/** Names that follow from project, stack and cluster alone, so that every run finds the same. */
export function networkNames(project: string, stack: string, cluster: string): NetworkNames {
    const digest = createHash("sha256").update([project, stack, cluster].join("/")).digest();
    const mark = digest.toString("hex").slice(0, 8);
    const [second = 0, third = 0] = [digest[8], digest[9]];
    return {
        networkId: `${hostLabel(cluster).slice(0, 40)}-${mark}`,
        bridge: `co-${mark}`.slice(0, BRIDGE_LENGTH),
        // 10.64.0.0/10 keeps away from 10.0.0.0/16 and the like, which networks often have.
        subnet: `10.${64 + (second % 64)}.${third}.0/24`,
    };
}

/** Address of each machine by name; the order of the plan decides. */
export function machineAddress(
    subnet: Subnet,
    machines: readonly PlannedMachine[],
): Record<string, string> {
    const first = firstMachine(subnet);
    return Object.fromEntries(
        machines.map(({ name }, index) => [name, addressAt(subnet, first + index)]),
    );
}

/** What is wrong with a subnet for that many machines. */
export function subnetProblems(text: string, shape: ClusterShape, machines: number): Problem[] {
    const problem = (allowed: string): Problem[] => [
        { path: "platform.subnet", given: given(text), allowed },
    ];
    const subnet = parseSubnet(text);
    if (subnet === undefined || !text.includes("/")) {
        return problem(
            "must be an IPv4 network such as 10.80.0.0/24, with no bits below its prefix",
        );
    }
    if (!PRIVATE.some((range) => contains(range, subnet))) {
        return problem(`must lie in one of ${PRIVATE.join(", ")} (RFC 1918)`);
    }
    const room = machineAddresses(subnet) + 2 - firstMachine(subnet);
    return room < machines
        ? problem(
              `has room for ${Math.max(room, 0)} machines, and "${shape.name}" has ${machines}; take a larger one`,
          )
        : [];
}

function firstMachine(subnet: Subnet): number {
    return machineAddresses(subnet) > 2 * FIRST_MACHINE ? FIRST_MACHINE : 2;
}

function contains(range: string, { base, prefix }: Subnet): boolean {
    const outer = parseSubnet(range);
    return outer !== undefined && outer.prefix <= prefix && overlaps(outer, { base, prefix });
}

function hostLabel(text: string): string {
    return (
        text
            .toLowerCase()
            .replaceAll(/[^a-z0-9-]+/g, "-")
            .replaceAll(/^-+|-+$/g, "") || "cluster"
    );
}
