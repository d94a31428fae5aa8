import type { ClusterAccess } from "../clients/access.js";
import { EtcdClient, type EtcdMember } from "../clients/etcd.js";
import { GiveUpError, type Sighting, waitFor } from "../clients/wait.js";
import { CLIENT_PORT, ETCD_WAITS, peerUrl, WRITE_AHEAD_LOG } from "../etcd/index.js";
import { SCHEME } from "../plan/index.js";
import { isUnstarted, membershipStep, quorum } from "./membership-step.js";

/** A member's machine, as the others reach it. */
export interface MemberMachine {
    readonly name: string;
    readonly privateIp: string;
}

/** A member that is looked after. */
export interface UnsettledMember {
    readonly machine: MemberMachine;
    /** The way to its machine, and through it to the others. */
    readonly access: ClusterAccess;
    /** Whether the machine is another one than before: its address may be too. */
    readonly isMadeAnew: boolean;
    /** The members beside it. */
    readonly others: readonly MemberMachine[];
    /** When the wait ends, in milliseconds since the epoch. */
    readonly deadline: number;
    /** When the others must have a quorum; default the same, since they may be booting. */
    readonly quorumDeadline?: number;
    /** Told what is being waited for. */
    readonly report: (seen: string) => void;
    /** What etcd waits for before it begins; throws where it never will. */
    readonly beforeStart?: () => Promise<string | undefined>;
}

/** Milliseconds that another member has to answer. */
const PATIENCE = 3_000;
/** Milliseconds between two looks. */
const LOOK = 150;

/**
 * Brings etcd's membership in line with the machines: a member that has its data and another address is updated, one
 * that has lost its data is removed and added again, one that is new is added. One at a time, and only where the others
 * have a quorum. On the machine the guard before etcd waits for it.
 */
export class Settlement {
    /** Names of the members that are known to have lost their data. */
    private readonly lost = new Set<string>();
    /** Whether too many of them have. */
    private isWithoutQuorum = false;
    private turn: Promise<unknown> = Promise.resolve();

    /** @param cluster its name, for messages */
    constructor(private readonly cluster: string) {}

    /**
     * Ends when the member is as the others know it.
     *
     * @param isWell waits until the member is healthy, before the next one's turn
     * @throws GiveUpError where that can't come about
     */
    async settle(member: UnsettledMember, isWell: () => Promise<void>): Promise<void> {
        let mayChange = false;
        const { name } = member.machine;
        const look = () =>
            waitFor(
                `etcd's membership to have ${name}`,
                { deadline: member.deadline, interval: LOOK, onWaiting: member.report },
                () => this.look(member, mayChange),
            );
        if ((await look()) === "settled") {
            return;
        }
        const ours = this.turn.then(async () => {
            mayChange = true;
            await look();
            await isWell();
            this.lost.delete(name);
        });
        this.turn = ours.catch(() => undefined);
        await ours;
    }

    /** @throws GiveUpError where no wait for etcd can end well any more */
    requireHope(): void {
        if (this.isWithoutQuorum) {
            throw new GiveUpError("etcd waits for a quorum");
        }
    }

    private async look(
        member: UnsettledMember,
        mayChange: boolean,
    ): Promise<Sighting<"settled" | "unsettled">> {
        const { machine, access, isMadeAnew, others } = member;
        const { name } = machine;
        this.requireHope();
        const seen = await (await access.session()).exec(
            `if sudo test -d ${WRITE_AHEAD_LOG}; then echo data; else cat ${ETCD_WAITS}; fi`,
        );
        const said = seen.stdout.trim();
        const hasData = said === "data";
        if (said === "") {
            return { waiting: (await member.beforeStart?.()) ?? "etcd has not begun" };
        }
        if (hasData && !isMadeAnew) {
            return { done: "settled" };
        }
        if (others.length === 0) {
            if (hasData) {
                return { done: "settled" };
            }
            throw new GiveUpError(
                "it is the only member and has no etcd data, so nobody can add it again; restore the data, or make the cluster anew",
            );
        }
        const clients = others.map(({ privateIp }) => this.clientOf(access, privateIp));
        const members = await Promise.any(clients.map((client) => client.members())).catch(
            () => undefined,
        );
        if (members === undefined) {
            return { waiting: hasData ? "none of the other members answers" : said };
        }
        const own = { name, peerUrl: peerUrl(SCHEME, machine.privateIp), hasData };
        const step = membershipStep(members, own);
        if (step.kind === "none") {
            return { done: "settled" };
        }
        if (step.kind === "stranger") {
            throw new GiveUpError(
                `its etcd data is that of a member which was removed; empty /var/lib/etcd on ${name}, and update again`,
            );
        }
        if (!hasData) {
            this.lost.add(name);
            const well = await this.wellAmong(clients, others);
            if (well.length < quorum(members)) {
                return this.withoutQuorum(members, well, member);
            }
        }
        if (!mayChange) {
            return { done: "unsettled" };
        }
        await this.take(step, own.peerUrl, clients);
        return { waiting: `${step.kind} of ${name}` };
    }

    private async take(
        step: { kind: "update" | "remove"; id: string } | { kind: "add" },
        url: string,
        clients: readonly EtcdClient[],
    ): Promise<void> {
        const failures: unknown[] = [];
        for (const client of clients) {
            try {
                return await (step.kind === "add"
                    ? client.addMember(url)
                    : step.kind === "update"
                      ? client.updateMember(step.id, url)
                      : client.removeMember(step.id));
            } catch (cause) {
                failures.push(cause);
            }
        }
        throw failures[0];
    }

    private async wellAmong(
        clients: readonly EtcdClient[],
        others: readonly MemberMachine[],
    ): Promise<string[]> {
        const healths = await Promise.allSettled(clients.map((client) => client.health()));
        return others.flatMap(({ name }, index) => {
            const health = healths[index];
            return health?.status === "fulfilled" && health.value.healthy ? [name] : [];
        });
    }

    private withoutQuorum(
        members: readonly EtcdMember[],
        well: readonly string[],
        { others, quorumDeadline = Number.POSITIVE_INFINITY }: UnsettledMember,
    ): { readonly waiting: string } {
        const needed = quorum(members);
        const started = members.filter((member) => !isUnstarted(member)).length;
        const ill = others.filter(({ name }) => !well.includes(name)).map(({ name }) => name);
        const counts = `${needed} of ${started} members must be healthy before one can be added again, and ${ill.join(", ")} ${ill.length === 1 ? "is" : "are"} not`;
        const possible = others.filter(({ name }) => !this.lost.has(name)).length;
        if (possible < needed || Date.now() > quorumDeadline) {
            this.isWithoutQuorum = true;
            const lost = [...this.lost].sort();
            throw new GiveUpError(
                `etcd of ${this.cluster} has lost its quorum: ${lost.join(" and ")} ${lost.length === 1 ? "has" : "have"} no data; ${counts}. ` +
                    "Restore the data of one of them, or begin again from a member that has it " +
                    '(etcd\'s documentation, "Disaster recovery": --force-new-cluster)',
            );
        }
        return { waiting: counts };
    }

    private clientOf(access: ClusterAccess, host: string): EtcdClient {
        return new EtcdClient(
            {
                request: (endpoint, ask) =>
                    access
                        .session()
                        .then((session) =>
                            session.request(endpoint, { ...ask, timeout: PATIENCE }),
                        ),
            },
            { host, port: CLIENT_PORT },
        );
    }
}
