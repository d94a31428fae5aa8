import { ClusterAccess } from "../clients/access.js";
import { EtcdClient } from "../clients/etcd.js";
import { WaitTimeoutError, waitFor } from "../clients/wait.js";
import { CLIENT_PORT, renderMemberList } from "../etcd/index.js";
import { SCHEME } from "../plan/index.js";
import { fetchProgress } from "./binaries-fetch.js";
import { firstAccess, hostOf } from "./first-contact.js";
import { fleetArrival, machineIdOf } from "./fleet-arrival.js";
import { messageOf, type OperationContext, type ResourceHandler } from "./handler.js";
import { deliverMemberList } from "./member-list-delivery.js";
import type { MemberRollInputs, MemberRollState, RollMember } from "./member-roll-inputs.js";
import { Settlement } from "./member-settlement.js";

/** Milliseconds that members have to be healthy before the first one is made anew. */
const BEFORE_THE_FIRST = 20_000;
/** Milliseconds that the others have for a quorum: none of them is made at the same time. */
const QUORUM = 30_000;

/**
 * The pause between two members that are made anew: it ends once the one before is a healthy member that fleet lists,
 * what ran on it runs somewhere, and every other is healthy but the next, whose turn may be what cures it.
 */
export const memberRollHandler: ResourceHandler<MemberRollInputs, MemberRollState> = {
    diff(_id, state, inputs) {
        const of = ({ turn, mark, made }: MemberRollInputs) =>
            JSON.stringify([mark, made?.find((member) => member?.name === turn)?.instance]);
        const isBefore = inputs.turn === undefined && inputs.pending?.length !== 0;
        return { changes: isBefore || of(state) !== of(inputs) };
    },
    async create(inputs, context) {
        const id = `${inputs.cluster}/${inputs.turn ?? ""}`;
        return { id, state: await pause(inputs, undefined, context) };
    },
    read: async (id, state) => ({ id, state }),
    update: (_id, state, inputs, context) => pause(inputs, state, context),
    delete: async () => undefined,
};

async function pause(
    inputs: MemberRollInputs,
    before: MemberRollState | undefined,
    context: OperationContext,
): Promise<MemberRollState> {
    const { turn, made, known, hasBegun } = inputs;
    if (!hasBegun) {
        return { ...inputs, pending: [], hostKey: "", machineId: "" };
    }
    const member = made.find(({ name }) => name === turn);
    const access =
        member === undefined
            ? anyOf(inputs)
            : await accessTo(inputs, withKnownKey(member, before), context);
    try {
        if (member !== undefined) {
            await join(inputs, member, access, context);
        }
        await othersAreWell(inputs, [...made, ...known], access, context);
        const session = member === undefined ? undefined : await access.session();
        const hostKey = session?.hostKey ?? "";
        const machineId = session === undefined ? "" : await machineIdOf(session);
        return { ...inputs, pending: [], hostKey, machineId };
    } finally {
        await access.close();
    }
}

/** A way in through any member that answers, the next to go last. */
function anyOf({ known, pending, connection }: MemberRollInputs): ClusterAccess {
    const [next] = pending;
    const hosts = [...known]
        .sort((one, other) => Number(one.name === next) - Number(other.name === next))
        .map(hostOf);
    return new ClusterAccess({ ...connection, hosts });
}

function withKnownKey(member: RollMember, before: MemberRollState | undefined): RollMember {
    const same = before?.made.some(
        ({ name, instance }) => name === member.name && instance === member.instance,
    );
    return same === true && before?.hostKey ? { ...member, hostKey: before.hostKey } : member;
}

async function accessTo(
    { connection }: MemberRollInputs,
    member: RollMember,
    context: OperationContext,
): Promise<ClusterAccess> {
    const { access } = await firstAccess(connection, member, {
        deadline: context.deadline,
        onWaiting: (seen) => context.progress(`${member.name}: ${seen}`),
    });
    return access;
}

/** Waits until the member that was made just now is a healthy one, and fleet runs all units again. */
async function join(
    { cluster, made, known, delivered, binaries, fleet, replaced }: MemberRollInputs,
    member: RollMember,
    access: ClusterAccess,
    context: OperationContext,
): Promise<void> {
    const { name } = member;
    const all = [...made, ...known];
    const wait = {
        deadline: context.deadline,
        onWaiting: (seen: string) => context.progress(`${name}: ${seen}`),
    };
    if (delivered) {
        const peers = all.map((one) => ({ name: one.name, address: one.privateIp }));
        await deliverMemberList(access, renderMemberList(SCHEME, peers), true);
    }
    const etcd = new EtcdClient(access);
    const isWell = () =>
        waitFor(`etcd on ${name} to be healthy`, wait, async () => {
            const health = await etcd.health();
            return health.healthy ? { done: undefined } : { waiting: `etcd: ${health.reason}` };
        });
    const unsettled = {
        machine: member,
        access,
        isMadeAnew: true,
        others: all.filter((one) => one.name !== name),
        deadline: context.deadline,
        quorumDeadline: Date.now() + QUORUM,
        report: wait.onWaiting,
        beforeStart: () => fetchProgress(access, binaries),
    };
    await new Settlement(cluster).settle(unsettled, isWell);
    await isWell();
    if (fleet) {
        // Also where the machine is the one of before: it may have been stopped to be changed.
        await fleetArrival(await access.session(), replaced?.machineId, context).catch(
            (cause: unknown) => {
                throw new Error(
                    `cluster ${cluster}: no further member is made anew, since not everything runs with ${name}; ` +
                        `repair it with an update without rollout: "replace", then go on\n${messageOf(cause)}`,
                );
            },
        );
    }
}

/** Refuses where a member other than the next one is not healthy. */
async function othersAreWell(
    { cluster, turn, pending }: MemberRollInputs,
    all: readonly RollMember[],
    access: ClusterAccess,
    context: OperationContext,
): Promise<void> {
    const [next] = pending;
    const needed = all.filter(({ name }) => name !== next);
    const limit = turn === undefined ? Date.now() + BEFORE_THE_FIRST : context.deadline;
    const wait = waitFor(
        "the members to be healthy",
        {
            deadline: Math.min(context.deadline, limit),
            onWaiting: (seen) => context.progress(seen),
        },
        async () => {
            const session = await access.session();
            const seen = await Promise.all(
                needed.map(async ({ name, privateIp }) => {
                    const place = { host: privateIp, port: CLIENT_PORT };
                    const { healthy, reason } = await new EtcdClient(session, place)
                        .health()
                        .catch((cause: unknown) => ({
                            healthy: false,
                            reason: messageOf(cause),
                        }));
                    return healthy ? [] : [`${name} is not healthy (${reason})`];
                }),
            );
            const ill = seen.flat();
            return ill.length === 0 ? { done: undefined } : { waiting: ill.join(", ") };
        },
    );
    await wait.catch((cause: unknown) => {
        const why = cause instanceof WaitTimeoutError ? cause.lastSeen : messageOf(cause);
        throw new Error(
            `cluster ${cluster}: ${next === undefined ? "no further member" : next} is not made anew, since ${why}; ` +
                "one member at a time, and only while all others are healthy: bring it back first",
        );
    });
}
