import { ClusterAccess } from "../clients/access.js";
import { runningMark } from "./member-texts.js";
import type { ReadinessState, ReadyMachine } from "./readiness-inputs.js";

/** What was seen of the machines, with the text of those that have booted since it changed; no more where none answers. */
export async function withBoots(state: ReadinessState): Promise<readonly ReadyMachine[]> {
    const wanted = state.memberText?.mark;
    return Promise.all(
        state.ready.map(async (before) => {
            const machine = state.machines.find(({ name }) => name === before.name);
            if (machine?.role !== "member" || before.mark === wanted || !isAppliedAtBoot(state)) {
                return before;
            }
            const host = {
                name: before.name,
                address: machine.sshAddress,
                hostKey: before.hostKey,
            };
            const access = new ClusterAccess({ ...state.connection, hosts: [host] });
            const boot = await bootOf(access, state).catch(() => ({}));
            await access.close();
            const mark = runningMark(wanted, { before, state, ...boot });
            return mark === undefined ? before : { ...before, mark };
        }),
    );
}

function isAppliedAtBoot(state: ReadinessState | undefined): boolean {
    return state?.memberText?.appliedBy === "boot" && state.markedAt !== undefined;
}

/** When a machine booted, where that says which text it runs. */
export async function bootOf(
    access: ClusterAccess,
    state: ReadinessState | undefined,
): Promise<{ readonly bootedAt?: number }> {
    if (!isAppliedAtBoot(state)) {
        return {};
    }
    const session = await access.session();
    const { stdout } = await session.exec(
        'date --date="$(systemctl show --value --property=UserspaceTimestamp)" +%s',
    );
    return /^\d+\n$/.test(stdout) ? { bootedAt: Number(stdout) * 1000 } : {};
}
