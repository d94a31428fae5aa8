import { createHash } from "node:crypto";
import type { PlannedMachine } from "../../plan/shape.js";
import { addressAt, parseSubnet } from "../local/subnet.js";

/** docs.aws.amazon.com, vpc/latest/userguide/subnet-sizing: the first four addresses and the last are kept. */
const RESERVED = 4;
/** Members begin here, so that what a reader sees as `.10` is the first one of its subnet. */
const FIRST_MEMBER = 10;
/** Addresses that are kept for members in each subnet, so that further ones move no worker. */
const FOR_MEMBERS = 16;
/** A smaller subnet spares no address. */
const ROOMY = 64;

/** Where a machine goes. */
export interface Place {
    /** Index of its subnet. */
    readonly subnet: number;
    readonly address: string;
}

/** Where every machine goes, and the subnets that have no room. */
export interface Places {
    /** By the machine's name. */
    readonly places: Readonly<Record<string, Place>>;
    /** Index of each subnet with less room than it needs, and how much that would be. */
    readonly crowded: readonly {
        readonly subnet: number;
        readonly room: number;
        readonly needed: number;
    }[];
}

/**
 * Spreads each group over the subnets in turn and chooses an address for each machine. Members are numbered; the place of
 * a worker follows from its name, so that machines that come and go move no other, but where two names meet.
 */
export function placeMachines(
    cidrs: readonly string[],
    machines: readonly PlannedMachine[],
): Places {
    const inGroup = new Map<string, number>();
    const bySubnet: PlannedMachine[][] = cidrs.map(() => []);
    for (const machine of machines) {
        const index = inGroup.get(machine.group) ?? 0;
        inGroup.set(machine.group, index + 1);
        bySubnet[index % cidrs.length]?.push(machine);
    }
    const crowded = bySubnet.flatMap((here, subnet) => {
        const room = roomOf(cidrs[subnet] ?? "").slots;
        return here.length > room ? [{ subnet, room, needed: here.length }] : [];
    });
    const places = bySubnet.flatMap((here, subnet) =>
        crowded.length > 0 ? [] : placesIn(cidrs[subnet] ?? "", subnet, here),
    );
    return { places: Object.fromEntries(places), crowded };
}

function roomOf(cidr: string): { first: number; slots: number } {
    const range = parseSubnet(cidr);
    const size = range === undefined ? 0 : 2 ** (32 - range.prefix);
    const first = size >= ROOMY ? FIRST_MEMBER : RESERVED;
    return { first, slots: Math.max(0, size - 1 - first) };
}

function placesIn(
    cidr: string,
    subnet: number,
    machines: readonly PlannedMachine[],
): [string, Place][] {
    const range = parseSubnet(cidr) ?? { base: 0, prefix: 32 };
    const { first, slots } = roomOf(cidr);
    const members = machines.filter(({ role }) => role === "member");
    const workers = machines.filter(({ role }) => role === "worker");
    const kept =
        slots - FOR_MEMBERS >= ROOMY / 2 ? Math.max(FOR_MEMBERS, members.length) : members.length;
    const forWorkers = Math.max(slots - kept, workers.length);
    const taken = new Set<number>();
    const place = ({ name }: PlannedMachine, slot: number): [string, Place] => [
        name,
        { subnet, address: addressAt(range, first + slot) },
    ];
    return [
        ...members.map((machine, slot) => place(machine, slot)),
        ...workers.map((machine) => {
            let offset = numberOf(machine.name) % forWorkers;
            while (taken.has(offset)) {
                offset = (offset + 1) % forWorkers;
            }
            taken.add(offset);
            return place(machine, slots - forWorkers + offset);
        }),
    ];
}

function numberOf(name: string): number {
    return createHash("sha256").update(name).digest().readUInt32BE(0);
}
