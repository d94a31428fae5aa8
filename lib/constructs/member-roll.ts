import * as pulumi from "@pulumi/pulumi";
import type { Connection } from "../connection.js";
import type { PlannedMachine } from "../plan/index.js";
import type { CreatedMachine, MachineOrder } from "../platform.js";
import type { MemberRollInputs, RollMember } from "../providers/member-roll-inputs.js";
import { PROVIDERS } from "../providers/tokens.js";
import { DynamicResource } from "./dynamic-resource.js";
import type { DeepInput } from "./inputs.js";
import type { MemberMark } from "./member-mark.js";
import { type RememberedCluster, rememberedCluster } from "./remembered-cluster.js";

/** The pause between two members that are made anew: it ends once the one before is a healthy member. */
export class MemberRoll extends DynamicResource {
    constructor(
        name: string,
        inputs: { [Name in keyof MemberRollInputs]: unknown },
        limit: number,
        opts: pulumi.CustomResourceOptions = {},
    ) {
        const limits = { create: limit, update: limit, delete: 60 };
        super(PROVIDERS.memberRoll, name, inputs, ["hostKey", "machineId"], limits, opts);
    }
}

/** What the roll of a cluster's members goes by. */
export interface MemberRollSettings {
    readonly cluster: string;
    /** All members, in the order in which they are made. */
    readonly members: readonly PlannedMachine[];
    /** What they are made from. */
    readonly mark: MemberMark;
    /** Whether the list of members is put onto each machine. */
    readonly delivered: boolean;
    /** Whether machines fetch etcd and fleet first. */
    readonly binaries: boolean;
    readonly connection: DeepInput<Omit<Connection, "hosts">>;
    /** Seconds that one member has to become healthy again. */
    readonly limit: number;
    readonly parent: pulumi.Resource;
}

/** Makes members wait for each other: the first for the health of all, each other for the one before it. */
export class MemberOrder implements MachineOrder {
    private readonly remembered: pulumi.Output<RememberedCluster>;
    private readonly done: DeepInput<RollMember>[] = [];
    private last: MemberRoll | undefined;

    constructor(private readonly settings: MemberRollSettings) {
        this.remembered = pulumi.output(rememberedCluster(settings.cluster));
    }

    /** The pause after the last member. */
    get end(): pulumi.Resource[] {
        return [this.last ?? []].flat();
    }

    before(_machine: PlannedMachine, from?: pulumi.Input<unknown>): pulumi.Resource[] {
        const { cluster, mark } = this.settings;
        this.last ??= this.pause(`${cluster}-members`, mark.note(from), undefined);
        return [this.last];
    }

    made(machine: PlannedMachine, created: CreatedMachine): void {
        const { id: instance, privateIp, publicIp } = created;
        const sshAddress = created.sshAddress ?? publicIp ?? privateIp;
        this.done.push({ name: machine.name, instance, sshAddress, privateIp });
        const mark = this.settings.mark.mark ?? pulumi.output("");
        this.last = this.pause(`${machine.name}-member`, mark, machine.name);
    }

    private pause(name: string, mark: pulumi.Output<string>, turn: string | undefined): MemberRoll {
        const { cluster, members, delivered, binaries, connection, limit, parent } = this.settings;
        const rest = members.slice(this.done.length).map((machine) => machine.name);
        const pending = pulumi
            .all([this.remembered, mark])
            .apply(([{ marks }, wanted]) => rest.filter((one) => marks[one] !== wanted));
        const known = this.remembered.apply((before) =>
            rest.flatMap((one) => before.members[one] ?? []),
        );
        const replaced = this.remembered.apply(({ members: before }) =>
            turn === undefined ? undefined : before[turn],
        );
        const hasBegun = this.remembered.apply((before) => Object.keys(before.members).length > 0);
        const inputs = {
            cluster,
            turn,
            mark,
            pending,
            replaced,
            made: [...this.done],
            known,
            hasBegun,
            fleet: members.find((one) => one.name === turn)?.fleet ?? false,
            delivered,
            binaries,
            connection,
        };
        return new MemberRoll(name, inputs, limit, { parent });
    }
}
