import type { EtcdMember } from "../clients/etcd.js";

/** A member whose machine was made anew, or has lost its data. */
export interface MemberInPlace {
    readonly name: string;
    /** Where the others are to reach it. */
    readonly peerUrl: string;
    /** Whether etcd's data is on its machine. */
    readonly hasData: boolean;
}

/** What must happen next, so that the membership fits a member. */
export type MembershipStep =
    | { readonly kind: "none" }
    /** It has its data, and another address. */
    | { readonly kind: "update"; readonly id: string }
    /** Its data is gone: the one that had it leaves. */
    | { readonly kind: "remove"; readonly id: string }
    | { readonly kind: "add" }
    /** Its data is that of a member which was removed. */
    | { readonly kind: "stranger" };

/** The next step towards a membership with that member in it; what an earlier, cut-off run did needs none. */
export function membershipStep(
    members: readonly EtcdMember[],
    { name, peerUrl, hasData }: MemberInPlace,
): MembershipStep {
    const named = members.find((member) => member.name === name);
    const placed = members.find(({ peerUrls }) => peerUrls.includes(peerUrl));
    if (hasData) {
        if (named === undefined) {
            // One that has just been added, and has begun, is there without its name for a moment.
            return { kind: placed === undefined ? "stranger" : "none" };
        }
        return named === placed ? { kind: "none" } : { kind: "update", id: named.id };
    }
    const [stale] = [named, placed].filter(
        (member) => member !== undefined && !(member === placed && isUnstarted(member)),
    );
    if (stale !== undefined) {
        return { kind: "remove", id: stale.id };
    }
    return placed === undefined ? { kind: "add" } : { kind: "none" };
}

/** Whether a member has been added, or listed from the beginning, and has never had data. */
export function isUnstarted({ clientUrls }: EtcdMember): boolean {
    return clientUrls.length === 0;
}

/** How many of the members must be well for etcd to take a change. */
export function quorum(members: readonly EtcdMember[]): number {
    return Math.floor(members.length / 2) + 1;
}
