import type { ReadinessInputs, ReadinessState, ReadyMachine } from "./readiness-inputs.js";

/** What is known of a member whose machine is the one that it was. */
export interface MemberSince {
    readonly before: ReadyMachine | undefined;
    readonly state: Pick<ReadinessState, "memberText" | "markedAt"> | undefined;
    /** When its machine booted, in milliseconds since the epoch; where a boot is what applies a text. */
    readonly bootedAt?: number;
}

/** The mark of what a member runs; `undefined` where that was never known. */
export function runningMark(
    wanted: string | undefined,
    { before, state, bootedAt }: MemberSince,
): string | undefined {
    if (before === undefined) {
        return wanted;
    }
    const { memberText, markedAt } = state ?? {};
    const hasBooted = bootedAt !== undefined && markedAt !== undefined && bootedAt > markedAt;
    return hasBooted ? memberText?.mark : before.mark;
}

/** A line on the members that run an older text, image, key or size, and what brings them the new one. */
export function staleMembers(
    state: Pick<ReadinessState, "ready">,
    { machines, memberText }: Partial<Pick<ReadinessInputs, "machines" | "memberText">>,
): string[] {
    const stale = state.ready.filter(
        ({ name, instance, mark }) =>
            mark !== undefined &&
            memberText?.mark !== undefined &&
            mark !== memberText.mark &&
            machines?.some((machine) => machine?.name === name && machine.instance === instance),
    );
    if (stale.length === 0 || memberText === undefined) {
        return [];
    }
    const names = stale.map(({ name }) => name).join(", ");
    const run = `${names} ${stale.length === 1 ? "runs" : "run"}`;
    const what =
        memberText.appliedBy === "boot"
            ? `an older cloud-config, and ${stale.length === 1 ? "applies" : "each applies"} the new one at its next boot; reboot one machine after the other`
            : 'an older cloud-config, image, key or size, which a member keeps; members: { rollout: "replace" } makes three or more of them anew, one by one';
    return [`${run} ${what}`];
}
