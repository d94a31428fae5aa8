import * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs, ClusterMachine } from "./cluster-args.js";
import type { ReferencedCluster } from "./cluster-reference.js";
import type { Connection } from "./connection.js";
import { checkedPlan } from "./constructs/checked-plan.js";
import { connectionInputs, secretOutput } from "./constructs/cluster-connection.js";
import {
    clusterMachine,
    exposedUrls,
    fleetFirst,
    type MachineAddresses,
    seenMachines,
    sshHost,
} from "./constructs/cluster-outputs.js";
import { shapeOf } from "./constructs/cluster-shape.js";
import { replacementOrder, rollInPlace } from "./constructs/group-rollout.js";
import { GroupTexts } from "./constructs/group-texts.js";
import { resolved } from "./constructs/inputs.js";
import { lateDocuments } from "./constructs/late-documents.js";
import { madeMachines, memberList } from "./constructs/made-machines.js";
import { MemberMark } from "./constructs/member-mark.js";
import { MemberOrder } from "./constructs/member-roll.js";
import { rejectArguments } from "./constructs/reject.js";
import { renderSshConfig } from "./constructs/ssh-config.js";
import {
    type ClusterShape,
    etcdEndpoints,
    groupsOf,
    hasEtcd,
    hasFleet,
    MEMBERS,
    type PlannedMachine,
    planMachines,
} from "./plan/index.js";
import type { ReadyMachine } from "./providers/readiness-inputs.js";
import { Readiness } from "./readiness.js";
import type { ServiceCluster } from "./service-cluster.js";
import { SshKey } from "./ssh-key.js";
import { UserData } from "./user-data.js";

const READY_TIMEOUT = 300;

/**
 * An etcd/fleet cluster: members, groups of workers, and the gate that opens once etcd is healthy on
 * every machine and fleet sees them all. Its outputs are known only then.
 *
 * @throws pulumi.RunError with every problem of the arguments, before anything is made
 */
export class Cluster extends pulumi.ComponentResource implements ServiceCluster {
    /** Every machine, members first. */
    readonly machines: pulumi.Output<ClusterMachine[]>;
    /** Client URL of each etcd member. */
    readonly etcdEndpoints: pulumi.Output<string[]>;
    /** Text of an ssh_config(5); the key that it names is {@link sshPrivateKey}. */
    readonly sshConfig: pulumi.Output<string>;
    /** The private key that logs in on the machines, in OpenSSH's format. A secret. */
    readonly sshPrivateKey: pulumi.Output<string | undefined>;
    /** URL of each exposed port of each machine. */
    readonly urls: pulumi.Output<string[]>;
    /** How the machines are reached, with their host keys. Holds the private key as a secret. */
    readonly connection: pulumi.Output<Connection>;
    /** For a `ClusterReference` in another stack, whose services run here. A secret, as a stack's output too. */
    readonly reference: pulumi.Output<ReferencedCluster>;
    /** The gate: what depends on it runs when the cluster is ready. */
    readonly readiness: Readiness;
    /** Identity of each machine's disk by the machine's name: another one holds nothing of what was delivered to it. */
    readonly disks: Readonly<Record<string, pulumi.Output<string>>>;
    /** The machines as planned; known at every preview. */
    readonly plan: readonly PlannedMachine[];
    /** The topology. */
    readonly shape: ClusterShape;

    constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        const shape = shapeOf(name, args);
        super("pulumi-coreos:index:Cluster", name, { ...shape }, opts);
        const { platform, connection: how = {} } = args;
        if (platform === undefined) {
            const allowed = "must be given: where the machines run, such as new Local(…)";
            rejectArguments(`Cluster "${name}"`, [{ path: "platform", allowed }], this);
        }
        const child = { parent: this };
        const machines = planMachines(shape);
        const texts = new GroupTexts(shape, args, platform.traits);
        const plan = checkedPlan(shape, args, texts, this);
        const { documents, bootstrap, fetchesBinaries } = plan;
        this.shape = shape;
        this.plan = machines;

        const key =
            how.privateKey === undefined && how.agent === undefined
                ? new SshKey(`${name}-key`, { comment: name }, child)
                : undefined;
        const late = lateDocuments(shape, args, plan, this);
        const userData = Object.fromEntries(
            groupsOf(shape).map(([group]) => {
                const text =
                    late(group)?.apply((known) => texts.text(group, known)) ??
                    texts.text(group, documents[group] ?? {});
                return [group, new UserData(`${name}-${group}`, { text }, child).text];
            }),
        );
        this.sshPrivateKey = key?.privateKey ?? secretOutput(how.privateKey);
        const connection = connectionInputs(platform.traits.user, this.sshPrivateKey, how);
        const isDelivered = hasEtcd(shape) && bootstrap.workers.kind === "delivered";
        const list = isDelivered ? { memberList } : {};
        const rollout = { cluster: name, userData, documents, connection, ...list, ...child };
        const mark = new MemberMark(userData[MEMBERS] ?? pulumi.output(""));
        const roll =
            hasEtcd(shape) && shape.members?.rollout === "replace"
                ? new MemberOrder({
                      cluster: name,
                      members: machines.filter(({ role }) => role === "member"),
                      mark,
                      delivered: isDelivered,
                      binaries: fetchesBinaries,
                      connection,
                      limit: args.readyTimeout ?? READY_TIMEOUT,
                      ...child,
                  })
                : undefined;
        const created = platform.create({
            shape,
            machines,
            userData,
            sshAuthorizedKeys: [
                ...(key === undefined ? [] : [key.publicKey]),
                ...(args.sshAuthorizedKeys ?? []).map((one) => pulumi.output(one)),
            ],
            order: replacementOrder(rollout, roll, mark),
            ...child,
        });
        const made = madeMachines(machines, created);
        this.disks = Object.fromEntries(made.map(({ machine, id }) => [machine.name, id]));
        this.readiness = new Readiness(
            `${name}-ready`,
            {
                cluster: name,
                machines: made.map(({ machine, id, started, privateIp, sshAddress }) => ({
                    name: machine.name,
                    role: machine.role,
                    sshAddress,
                    privateIp,
                    instance: id,
                    ...(started === undefined ? {} : { started }),
                    ...(hasEtcd(shape) && !machine.etcd ? { etcd: false } : {}),
                    ...(hasFleet(shape) && !machine.fleet ? { fleet: false } : {}),
                })),
                etcd: hasEtcd(shape),
                fleet: hasFleet(shape),
                ...(isDelivered ? { memberList: memberList(made) } : {}),
                ...(platform.traits.privateOnly ? { privateOnly: true } : {}),
                ...(fetchesBinaries ? { binaries: true } : {}),
                // Units that are written in place are no older text; of the rest their own resource speaks.
                ...(mark.mark === undefined ||
                !hasEtcd(shape) ||
                shape.members?.rollout === "in-place"
                    ? {}
                    : {
                          memberText: {
                              mark: mark.mark,
                              appliedBy: platform.traits.userDataAtBoot ? "boot" : "replacement",
                          },
                      }),
                connection,
            },
            args.readyTimeout ?? READY_TIMEOUT,
            { ...child, dependsOn: roll?.end ?? [] },
        );
        rollInPlace(rollout, made, resolved<ReadyMachine[]>(this.readiness.ready));

        const addresses = resolved<MachineAddresses[]>(
            made.map(({ privateIp, publicIp, sshAddress }) => ({
                privateIp,
                publicIp: publicIp ?? null,
                sshAddress,
            })),
        );
        const seen = pulumi
            .all([resolved<ReadyMachine[]>(this.readiness.ready), addresses])
            .apply(([ready, at]) => seenMachines(machines, at, ready));
        const hosts = seen.apply((all) => all.map(sshHost));
        this.machines = seen.apply((all) => all.map(clusterMachine));
        this.urls = seen.apply((all) => all.flatMap(exposedUrls));
        const inOrder = seen.apply((all) => fleetFirst(all).map(sshHost));
        this.connection = resolved<Connection>({ ...connection, hosts: inOrder });
        const { connection: way, disks, machines: all } = this;
        this.reference = pulumi.secret(
            resolved<ReferencedCluster>({ name, machines: all, disks, connection: way }),
        );
        this.sshConfig = hosts.apply((all) =>
            renderSshConfig(
                all.map((host) => ({ ...host, user: platform.traits.user })),
                `${name}.key`,
            ),
        );
        this.etcdEndpoints = pulumi
            .all(made.map(({ machine, privateIp }) => pulumi.all([machine.name, privateIp])))
            .apply((pairs) =>
                hasEtcd(shape) ? etcdEndpoints(machines, Object.fromEntries(pairs)) : [],
            );
        this.registerOutputs({
            machines: this.machines,
            etcdEndpoints: this.etcdEndpoints,
            urls: this.urls,
        });
    }
}
