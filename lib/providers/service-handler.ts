import { parseUnitName } from "../systemd/index.js";
import type { ResourceHandler } from "./handler.js";
import { bringService } from "./service-bring.js";
import { ownGroups } from "./service-changes.js";
import { driftOf, tellDrift } from "./service-drift.js";
import { removeGroups } from "./service-groups.js";
import type { ServiceInputs, ServiceState } from "./service-inputs.js";
import { withTools } from "./service-tools.js";
import { ownerOf, unitOf } from "./wanted-unit.js";

/** Units and templates of a service in fleet: made, rolled, scaled, mended and removed through its API. */
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
        const state = await bringService(undefined, inputs, context);
        return { id: inputs.owner, state };
    },
    update: (_id, state, inputs, context) => bringService(state, inputs, context),
    async read(id, state, context) {
        return withTools(state, context, async ({ fleet, sessions }) => {
            const found = await Promise.all([fleet.units(), fleet.states()]).catch(
                (cause: Error) => {
                    const told = `not looked at, since the cluster does not answer: ${cause.message}`;
                    context.warn(told);
                    return undefined;
                },
            );
            if (found === undefined) {
                // The next update then looks at each of them.
                return { id, state: { ...state, outdated: state.units } };
            }
            const [standing, states] = found;
            if (!standing.some(({ options }) => ownerOf(options) === state.owner)) {
                return undefined;
            }
            const drift = driftOf(state, standing, states, (one) => sessions.nameOf(one));
            for (const line of tellDrift(drift)) {
                context.warn(line);
            }
            return { id, state: { ...state, outdated: drift.map(({ unit }) => unit) } };
        });
    },
    async delete(_id, state, context) {
        await withTools(state, context, async (tools) => {
            const { fleet, watch } = tools;
            const all = await tools.retrying("fleet's list of units", () => fleet.units());
            const isTemplate = ({ name }: { readonly name: string }): boolean =>
                parseUnitName(name).isTemplate;
            const templates = ownGroups(state, all.filter(isTemplate));
            const [template] = templates.flatMap(({ units }) => units);
            if (template !== undefined) {
                watch.touchstone = unitOf(template, [], "inactive");
            }
            await removeGroups(
                tools,
                ownGroups(
                    state,
                    all.filter((unit) => !isTemplate(unit)),
                ),
            );
            await removeGroups(tools, templates);
        });
    },
};

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
