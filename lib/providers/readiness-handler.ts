import type { ClusterAccess } from "../clients/access.js";
import { EtcdClient } from "../clients/etcd.js";
import { FleetClient } from "../clients/fleet.js";
import { waitFor } from "../clients/wait.js";
import { fetchProgress } from "./binaries-fetch.js";
import { firstAccess } from "./first-contact.js";
import { machineIdOf } from "./fleet-arrival.js";
import { messageOf, type OperationContext, type ResourceHandler } from "./handler.js";
import { bootOf, withBoots } from "./member-boots.js";
import { deliverMemberList } from "./member-list-delivery.js";
import { Settlement } from "./member-settlement.js";
import { runningMark, staleMembers } from "./member-texts.js";
import { explainMachines, lastLines, type MachineFailure } from "./readiness-failure.js";
import type {
    ReadinessInputs,
    ReadinessMachine,
    ReadinessState,
    ReadyMachine,
} from "./readiness-inputs.js";

/**
 * Waits until every machine answers, etcd is healthy on each, and fleet sees them all. Host keys are
 * remembered at first contact, and verified for as long as the machine is the same.
 */
export const readinessHandler: ResourceHandler<ReadinessInputs, ReadinessState> = {
    diff(_id, state, inputs) {
        const relevant = ({
            cluster,
            machines,
            etcd,
            fleet,
            memberList,
            ...rest
        }: ReadinessInputs) =>
            JSON.stringify({
                cluster,
                machines,
                etcd,
                fleet,
                memberList,
                ...(rest.memberText?.appliedBy === "boot" ? { mark: rest.memberText.mark } : {}),
            });
        return {
            changes: relevant(state) !== relevant(inputs),
            warnings: staleMembers(state, inputs),
        };
    },
    async create(inputs, context) {
        const ready = await untilReady(inputs, undefined, context);
        return { id: inputs.cluster, state: { ...inputs, ready, markedAt: Date.now() } };
    },
    async read(id, state) {
        return { id, state: { ...state, ready: await withBoots(state) } };
    },
    async update(_id, state, inputs, context) {
        const ready = await untilReady(inputs, state, context);
        const isMarked = state.memberText?.mark === inputs.memberText?.mark;
        const markedAt = isMarked ? state.markedAt : Date.now();
        return { ...inputs, ready, ...(markedAt === undefined ? {} : { markedAt }) };
    },
    delete: async () => undefined,
};

async function untilReady(
    inputs: ReadinessInputs,
    state: ReadinessState | undefined,
    context: OperationContext,
): Promise<ReadyMachine[]> {
    const before = state?.ready ?? [];
    const waiting = new Map<string, string>();
    const report = (machine: string, seen: string | undefined): void => {
        if (seen === undefined) {
            waiting.delete(machine);
        } else {
            waiting.set(machine, seen);
        }
        context.progress(
            `${inputs.machines.length - waiting.size} of ${inputs.machines.length} machines ready` +
                [...waiting].map(([name, what]) => `; ${name}: ${what}`).join(""),
        );
    };
    const reached = new Map<string, ClusterAccess>();
    const settlement = new Settlement(inputs.cluster);
    const members = inputs.machines.filter(({ role }) => role === "member");
    try {
        const results = await Promise.allSettled(
            inputs.machines.map(async (machine) => {
                report(machine.name, "booting");
                const { name, instance } = machine;
                const known = before.find((one) => one.name === name && one.instance === instance);
                const { access, hostKey } = await firstAccess(
                    inputs.connection,
                    { ...machine, hostKey: known?.hostKey },
                    { deadline: context.deadline, onWaiting: (seen) => report(name, seen) },
                );
                reached.set(machine.name, access);
                if (inputs.memberList !== undefined && machine.etcd !== false) {
                    const hasBegun = machine.role === "member" && before.length > 0;
                    await deliverMemberList(access, inputs.memberList, hasBegun);
                }
                const machineId = await machineIdOf(await access.session());
                if (inputs.etcd && machine.etcd !== false) {
                    const fetches = inputs.binaries === true;
                    const isWell = () =>
                        healthyEtcd(access, machine.name, fetches, settlement, context, report);
                    if (machine.role === "member") {
                        const member = {
                            machine,
                            access,
                            isMadeAnew: isMadeAnew(machine, before),
                            others: members.filter(({ name }) => name !== machine.name),
                            deadline: context.deadline,
                            report: (seen: string) => report(machine.name, `etcd: ${seen}`),
                            beforeStart: () => fetchProgress(access, fetches),
                        };
                        await settlement.settle(member, isWell);
                    }
                    await isWell();
                }
                report(machine.name, undefined);
                const mark = runningMark(inputs.memberText?.mark, {
                    before: known,
                    state,
                    ...(await bootOf(access, state)),
                });
                const seen = { name, instance, machineId, hostKey };
                return mark === undefined || machine.role === "worker" ? seen : { ...seen, mark };
            }),
        );
        const ready: ReadyMachine[] = [];
        const failures: MachineFailure[] = [];
        results.forEach((result, index) => {
            const machine = inputs.machines[index]?.name ?? "";
            const access = reached.get(machine);
            if (result.status === "fulfilled") {
                ready.push(result.value);
            } else {
                const cause: unknown = result.reason;
                failures.push({ machine, cause, ...(access === undefined ? {} : { access }) });
            }
        });
        if (failures.length > 0) {
            const { privateOnly = false, connection } = inputs;
            const isOutside = privateOnly && connection.jump === undefined;
            throw new Error(await explainMachines(inputs.cluster, failures, isOutside));
        }
        const fleet = inputs.machines.filter((machine) => machine.fleet !== false);
        const names = new Set(fleet.map(({ name }) => name));
        const first = reached.get(fleet[0]?.name ?? "");
        if (inputs.fleet && first !== undefined) {
            const expected = ready.filter(({ name }) => names.has(name));
            await seenByFleet(first, inputs.cluster, expected, context);
        }
        return ready;
    } finally {
        await Promise.all([...reached.values()].map((access) => access.close()));
    }
}

/** Whether a cluster that was ready once has a machine that was no part of it. */
function isMadeAnew(machine: ReadinessMachine, before: readonly ReadyMachine[]): boolean {
    return before.length > 0 && !before.some(({ instance }) => instance === machine.instance);
}

async function healthyEtcd(
    access: ClusterAccess,
    name: string,
    fetches: boolean,
    settlement: Settlement,
    context: OperationContext,
    report: (machine: string, seen: string) => void,
): Promise<void> {
    const etcd = new EtcdClient(access);
    await waitFor(
        `etcd on ${name} to be healthy`,
        {
            deadline: context.deadline,
            onWaiting: (seen) => report(name, `etcd: ${seen}`),
        },
        async () => {
            settlement.requireHope();
            const health = await etcd
                .health()
                .catch((cause: unknown) => ({ healthy: false, reason: messageOf(cause) }));
            if (health.healthy) {
                return { done: undefined };
            }
            return { waiting: (await fetchProgress(access, fetches)) ?? health.reason };
        },
    );
}

async function seenByFleet(
    access: ClusterAccess,
    cluster: string,
    ready: readonly ReadyMachine[],
    context: OperationContext,
): Promise<void> {
    const fleet = new FleetClient(access);
    const wait = waitFor(
        `fleet to see all ${ready.length} machines of ${cluster}`,
        {
            deadline: context.deadline,
            onWaiting: (seen) => context.progress(`fleet: ${seen}`),
        },
        async () => {
            const ids = new Set((await fleet.machines()).map(({ id }) => id));
            const missing = ready.filter(({ machineId }) => !ids.has(machineId));
            const names = missing.map(({ name }) => name).join(", ");
            return missing.length === 0
                ? { done: undefined }
                : { waiting: `it does not see ${names}` };
        },
    );
    await wait.catch(async (cause: unknown) => {
        throw new Error(`${messageOf(cause)}\n${await lastLines(access, "fleet.service")}`);
    });
}
