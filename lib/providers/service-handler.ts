import { bulkhead } from "cockatiel";
import { ClusterAccess } from "../clients/access.js";
import { FleetApiError, FleetClient } from "../clients/fleet.js";
import { GiveUpError, waitFor } from "../clients/wait.js";
import { hashOptions, toOptions, type UnitOption, unitText } from "../fleet/index.js";
import { parseUnit } from "../systemd/index.js";
import {
    messageOf,
    type OperationContext,
    PartialFailureError,
    type ResourceHandler,
} from "./handler.js";
import {
    OWNER_DIRECTIVE,
    OWNER_SECTION,
    type ServiceInputs,
    type ServiceState,
} from "./service-inputs.js";
import { UnitWatch } from "./unit-watch.js";

/** Requests that are under way at once. */
const PARALLEL = 10;

/** Template and instances of a service in fleet, made, rolled, scaled and removed through its API. */
export const serviceHandler: ResourceHandler<ServiceInputs, ServiceState> = {
    diff(_id, state, inputs) {
        const relevant = ({ files, units, triggered, state: desired, owner }: ServiceInputs) =>
            JSON.stringify([Object.entries(files).sort(), units, triggered, desired, owner]);
        return {
            changes:
                relevant(state) !== relevant(inputs) ||
                state.outdated.length > 0 ||
                isLost(state, inputs),
        };
    },
    async create(inputs, context) {
        const state = await bring(undefined, inputs, context);
        return { id: inputs.owner, state };
    },
    update: (_id, state, inputs, context) => bring(state, inputs, context),
    async read(id, state, context) {
        return withFleet(state, context, async ({ fleet }) => {
            const standing = await fleet.units().catch((cause: Error) => {
                context.warn(`not looked at, since the cluster does not answer: ${cause.message}`);
                return undefined;
            });
            if (standing === undefined) {
                // The next update then looks at each of them.
                return { id, state: { ...state, outdated: state.units } };
            }
            const ours = standing.filter((unit) => ownerOf(unit.options) === state.owner);
            if (ours.length === 0) {
                return undefined;
            }
            const outdated = state.units.filter((name) => {
                const unit = ours.find((one) => one.name === name);
                return (
                    unit === undefined ||
                    unit.desiredState !== "launched" ||
                    hashOptions(unit.options ?? []) !== hashOptions(optionsOf(name, state))
                );
            });
            return { id, state: { ...state, outdated } };
        });
    },
    async delete(_id, state, context) {
        await withFleet(state, context, async (tools) => {
            const all = await tools.retrying("fleet's list of units", () => tools.fleet.units());
            const ours = all
                .filter((unit) => ownerOf(unit.options) === state.owner)
                .map((unit) => unit.name);
            await remove(tools, ours);
        });
    },
};

interface Tools {
    readonly fleet: FleetClient;
    readonly watch: UnitWatch;
    /** Asks again until fleet does not refuse for reasons that pass. */
    retrying<T>(what: string, work: () => Promise<T>): Promise<T>;
}

async function withFleet<T>(
    inputs: ServiceInputs,
    context: OperationContext,
    work: (tools: Tools) => Promise<T>,
): Promise<T> {
    const access = new ClusterAccess(inputs.connection);
    const fleet = new FleetClient(access);
    const watch = new UnitWatch(access, fleet, inputs.connection, context);
    const retrying = <R>(what: string, attempt: () => Promise<R>): Promise<R> =>
        waitFor(what, { deadline: context.deadline }, async () => {
            try {
                return { done: await attempt() };
            } catch (cause) {
                if (cause instanceof FleetApiError && cause.status < 500) {
                    throw new GiveUpError(cause.message);
                }
                throw cause;
            }
        });
    try {
        return await work({ fleet, watch, retrying });
    } finally {
        await watch.close();
        await access.close();
    }
}

/** Brings fleet from what stands to what is declared: rolls, then adds, then removes. */
async function bring(
    before: ServiceState | undefined,
    inputs: ServiceInputs,
    context: OperationContext,
): Promise<ServiceState> {
    return withFleet(inputs, context, async (tools) => {
        const { fleet, watch, retrying } = tools;
        const standing = await retrying("fleet's list of units", () => fleet.units());
        const textOf = new Map(standing.map((unit) => [unit.name, unit.options ?? []]));
        const wanted = [...new Set([...Object.keys(inputs.files), ...inputs.units])];
        const templates = Object.keys(inputs.files).filter((name) => !inputs.units.includes(name));
        const [first = ""] = inputs.units;
        const options = inputs.units.length === 0 ? [] : optionsOf(first, inputs);
        const hash = hashOptions(options);
        rejectForeign(wanted, textOf, inputs.owner);
        const fresh = inputs.units.filter((name) => !textOf.has(name));
        const stale = inputs.units.filter((name) => {
            const text = textOf.get(name);
            return text !== undefined && hashOptions(text) !== hash;
        });
        const same = inputs.units.filter((name) => !fresh.includes(name) && !stale.includes(name));
        let rolled: string[] = [];
        try {
            for (const name of templates) {
                const text = toOptions(parseUnit(inputs.files[name] ?? ""));
                await retrying(name, () => fleet.put(name, text, "inactive"));
            }
            for (const name of stale) {
                context.progress(`rolling ${name}`);
                await retrying(name, () => fleet.put(name, options, "launched"));
                await rollBackOnFailure(tools, name, textOf.get(name) ?? [], rolled, () =>
                    watch.untilRunning([name], hash, () => fleet.put(name, options, "launched")),
                );
                rolled = [...rolled, name];
            }
            const atOnce = bulkhead(PARALLEL, Number.POSITIVE_INFINITY);
            await Promise.all(
                [...fresh, ...same].map((name) =>
                    atOnce.execute(() =>
                        retrying(name, () => fleet.put(name, options, "launched")),
                    ),
                ),
            );
            await watch.untilRunning([...fresh, ...same], hash);
            const surplus = standing
                .filter((unit) => ownerOf(unit.options) === inputs.owner)
                .map((unit) => unit.name)
                .filter((name) => !wanted.includes(name));
            await remove(tools, surplus);
            return { ...inputs, outdated: [] };
        } catch (cause) {
            const outdated = stale.filter((name) => !rolled.includes(name));
            const message = messageOf(cause);
            const state = { ...inputs, outdated: [...outdated, ...fresh] };
            throw new PartialFailureError(message, { id: before?.owner ?? inputs.owner, state });
        }
    });
}

async function rollBackOnFailure(
    { fleet, retrying }: Tools,
    name: string,
    before: readonly UnitOption[],
    rolled: readonly string[],
    work: () => Promise<void>,
): Promise<void> {
    try {
        await work();
    } catch (cause) {
        const message = messageOf(cause);
        const undone = await retrying(name, () => fleet.put(name, before, "launched")).then(
            () => `${name} was given its old text back`,
            (second) => `${name} could not be given its old text back (${messageOf(second)})`,
        );
        const others =
            rolled.length === 0
                ? "no other instance was touched."
                : `${rolled.join(", ")} already runs the new text, the rest the old one.`;
        throw new Error(`${message}\n${undone}; ${others}`);
    }
}

async function remove({ fleet, watch, retrying }: Tools, names: readonly string[]): Promise<void> {
    const atOnce = bulkhead(PARALLEL, Number.POSITIVE_INFINITY);
    await Promise.all(
        names.map((name) => atOnce.execute(() => retrying(name, () => fleet.destroy(name)))),
    );
    if (names.length > 0) {
        await watch.untilGone(names);
    }
}

function rejectForeign(
    wanted: readonly string[],
    standing: ReadonlyMap<string, readonly UnitOption[]>,
    owner: string,
): void {
    const foreign = wanted.flatMap((name) => {
        const text = standing.get(name);
        const other = text === undefined ? owner : ownerOf(text);
        return other === owner
            ? []
            : [`${name} (${other === "" ? "made by hand" : `of ${other}`})`];
    });
    if (foreign.length > 0) {
        throw new Error(
            `fleet already has ${foreign.join(", ")}, which this stack did not make; ` +
                "choose another name, or remove it with fleetctl destroy",
        );
    }
}

/** The options of one unit: those of its own file, or of its template's. */
function optionsOf(name: string, { files }: ServiceInputs): UnitOption[] {
    return toOptions(parseUnit(unitText(files, name) ?? ""));
}

function ownerOf(options: readonly UnitOption[] | undefined): string {
    const mark = options?.find(
        ({ section, name }) => section === OWNER_SECTION && name === OWNER_DIRECTIVE,
    );
    return mark?.value ?? "";
}

/** Whether none of the remembered ways into the cluster is among today's. */
function isLost(state: ServiceState, inputs: ServiceInputs): boolean {
    const hosts = inputs.connection?.hosts;
    const key = (host: { address: string; hostKey?: string }) => `${host.address} ${host.hostKey}`;
    if (hosts === undefined || hosts.some((host) => host?.hostKey === undefined)) {
        return false;
    }
    const today = new Set(hosts.map(key));
    return !state.connection.hosts.some((host) => today.has(key(host)));
}
