import { bulkhead } from "cockatiel";
import { ClusterAccess } from "../clients/access.js";
import {
    areAsWritten,
    readSecrets,
    removeSecrets,
    writeSecrets,
} from "../clients/secret-directory.js";
import type { SshSession } from "../clients/ssh.js";
import { GiveUpError, WaitTimeoutError, waitFor } from "../clients/wait.js";
import { secretsDirectory } from "../fleet/index.js";
import {
    messageOf,
    type OperationContext,
    PartialFailureError,
    type ResourceHandler,
} from "./handler.js";
import type {
    SecretsMachine,
    ServiceSecretsInputs,
    ServiceSecretsState,
} from "./service-secrets-inputs.js";

/** Machines that are written to side by side. */
const PARALLEL = 10;
/** Milliseconds that a machine has to answer: the cluster was ready just before. */
const ANSWER_LIMIT = 15_000;

/**
 * Files with a service's secrets, for root alone, on every machine on which it may run. A machine that does not
 * answer is remembered as one that lacks them, and gets them at the next update.
 */
export const serviceSecretsHandler: ResourceHandler<ServiceSecretsInputs, ServiceSecretsState> = {
    diff(_id, state, inputs) {
        const relevant = ({ owner, files, machines }: ServiceSecretsInputs) =>
            JSON.stringify([owner, Object.entries(files ?? {}).sort(), keysOf(machines ?? [])]);
        const moves = inputs.service !== undefined && inputs.service !== state.service;
        return {
            changes:
                moves ||
                relevant(state) !== relevant(inputs) ||
                lacking(state, inputs.machines).length > 0 ||
                state.leftOn.length > 0,
            ...(moves ? { replaces: ["service"] } : {}),
        };
    },
    async create(inputs, context) {
        return { id: inputs.owner, state: await deliver(inputs, undefined, context) };
    },
    update: (_id, state, inputs, context) => deliver(inputs, state, context),
    async read(id, state, context) {
        const { files, owner, service } = state;
        const results = await onEach(state, names(state.holders), context, async (session) => {
            const stored = await readSecrets(session, secretsDirectory(service));
            return areAsWritten(stored, files, owner);
        });
        const silent = told(results, "silent");
        if (silent.length > 0) {
            context.warn(`not looked at on every machine: ${silent.join("; ")}`);
        }
        const holders = state.holders.filter(({ name }) => {
            const result = results.get(name);
            return (
                result !== undefined && ("silent" in result || ("done" in result && result.done))
            );
        });
        return { id, state: { ...state, holders } };
    },
    async delete(_id, state, context) {
        const all = [...names(state.machines), ...state.leftOn];
        const left = await removeFrom(state, all, context);
        if (left.length > 0) {
            context.warn(`${secretsDirectory(state.service)} is left on ${left.join(", ")}`);
        }
    },
};

/** Writes the files wherever they are to be, and removes them where they were and are to be no more. */
async function deliver(
    inputs: ServiceSecretsInputs,
    before: ServiceSecretsState | undefined,
    context: OperationContext,
): Promise<ServiceSecretsState> {
    const { service, files, machines, owner } = inputs;
    const directory = secretsDirectory(service);
    const results = await onEach(inputs, names(machines), context, (session) =>
        writeSecrets(session, directory, files, owner, before?.owner),
    );
    const wanted = names(machines);
    const surplus = [...names(before?.machines ?? []), ...(before?.leftOn ?? [])].filter(
        (name) => !wanted.includes(name),
    );
    const holders = machines.filter(({ name }) => "done" in (results.get(name) ?? {}));
    const leftOn = await removeFrom({ ...inputs, owner: before?.owner ?? owner }, surplus, context);
    const state = { ...inputs, holders, leftOn };
    const refused = told(results, "refused");
    const silent = told(results, "silent");
    if (refused.length > 0 || (holders.length === 0 && machines.length > 0)) {
        const why = [...refused, ...silent].join("; ");
        throw new PartialFailureError(`the secrets of ${service} could not be written: ${why}`, {
            id: before?.owner ?? owner,
            state,
        });
    }
    if (silent.length > 0) {
        context.warn(
            `the secrets of ${service} are not on every machine yet, and go there with the next update: ${silent.join("; ")}`,
        );
    }
    if (leftOn.length > 0) {
        context.warn(
            `${directory} is still on ${leftOn.join(", ")}, and is removed with the next update`,
        );
    }
    return state;
}

/** Removes the directory from those of the machines that the cluster still has; answers with those that kept it. */
async function removeFrom(
    state: ServiceSecretsInputs,
    machines: readonly string[],
    context: OperationContext,
): Promise<string[]> {
    const { service, owner, connection } = state;
    const standing = names(connection.hosts).filter((name) => machines.includes(name));
    const results = await onEach(state, standing, context, (session) =>
        removeSecrets(session, secretsDirectory(service), owner),
    );
    return standing.filter((name) => !("done" in (results.get(name) ?? {})));
}

/** What came of the work on one machine. */
type Result<T> = { readonly done: T } | { readonly refused: string } | { readonly silent: string };

/** What those machines said that refused, or why others said nothing; each says which it is. */
function told(results: ReadonlyMap<string, Result<unknown>>, kind: "refused" | "silent"): string[] {
    return [...results].flatMap(([name, result]) => {
        if (kind === "refused") {
            return "refused" in result ? [`${name}: ${result.refused}`] : [];
        }
        return "silent" in result ? [result.silent] : [];
    });
}

/** Does the work on each of the machines, side by side. */
async function onEach<T>(
    { connection, service }: ServiceSecretsInputs,
    machines: readonly string[],
    context: OperationContext,
    work: (session: SshSession) => Promise<T>,
): Promise<Map<string, Result<T>>> {
    const access = new ClusterAccess(connection);
    const sideBySide = bulkhead(PARALLEL, Number.POSITIVE_INFINITY);
    const results = new Map<string, Result<T>>();
    const one = async (name: string): Promise<Result<T>> => {
        const deadline = Math.min(context.deadline, Date.now() + ANSWER_LIMIT);
        let session: SshSession | undefined;
        try {
            const done = await waitFor(
                `${name} to take an SSH connection`,
                { deadline },
                async () => {
                    session?.close();
                    session = await access.to(name);
                    return { done: await work(session) };
                },
            );
            return { done };
        } catch (cause) {
            return cause instanceof GiveUpError
                ? { refused: cause.message }
                : { silent: cause instanceof WaitTimeoutError ? cause.lastSeen : messageOf(cause) };
        } finally {
            session?.close();
        }
    };
    const each = machines.map((name) =>
        sideBySide.execute(async () => {
            results.set(name, await one(name));
            context.progress(
                `secrets of ${service}: ${results.size} of ${machines.length} machines`,
            );
        }),
    );
    await Promise.all(each);
    return results;
}

/** Those of the machines that have not got the files; a disk that is not known yet is a new one. */
function lacking(
    { holders }: ServiceSecretsState,
    machines: readonly SecretsMachine[] | undefined,
): SecretsMachine[] {
    const have = new Set(keysOf(holders));
    return (machines ?? []).filter((machine) => keysOf([machine]).some((key) => !have.has(key)));
}

function keysOf(machines: readonly SecretsMachine[]): string[] {
    return machines.map(({ name, disk }) => `${name} ${disk}`).sort();
}

function names(of: readonly { readonly name: string }[]): string[] {
    return of.map(({ name }) => name);
}
