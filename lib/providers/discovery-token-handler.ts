import {
    createToken,
    DiscoveryError,
    readToken,
    removeToken,
    requireRoom,
    type WaitOptions,
} from "../clients/index.js";
import {
    discoveryEndpoint,
    validateDiscoveryEndpoint,
    validateDiscoveryUrl,
    validateTokenSize,
} from "../etcd/index.js";
import { given, type Problem } from "../problem.js";
import type { DiscoveryTokenInputs, DiscoveryTokenState } from "./discovery-token-inputs.js";
import { messageOf, type OperationContext, type ResourceHandler } from "./handler.js";

/** For what is only worth a short look, in milliseconds. */
const GLANCE = 5_000;

/** A token is made once and kept: nothing but a new resource makes another one. */
export const discoveryTokenHandler: ResourceHandler<DiscoveryTokenInputs, DiscoveryTokenState> = {
    check: (inputs, state) => [
        ...validate(inputs),
        ...(state === undefined ? [] : lastingProblems(inputs, state)),
    ],
    diff: () => ({ changes: false }),
    async create(inputs, context) {
        const url = await obtain(inputs, context);
        const token = url.replace(/\/+$/, "").split("/").at(-1) ?? "";
        return { id: token, state: { ...inputs, url, token } };
    },
    async read(id, state, context) {
        try {
            const found = await readToken(state.url, { deadline: Date.now() + GLANCE });
            if (found === undefined) {
                context.info(
                    `${state.url} has expired or was removed; a cluster that has bootstrapped by it does not need it any more`,
                );
            }
        } catch (cause) {
            const reason = cause instanceof DiscoveryError ? cause.reason : messageOf(cause);
            context.info(`${state.url} is kept, and could not be looked at: ${reason}`);
        }
        return { id, state };
    },
    update: async (_id, state) => state,
    async delete(_id, state, context) {
        if (state.endpoint === undefined || discoveryEndpoint(state.endpoint).kind !== "etcd") {
            return;
        }
        try {
            await removeToken(state.url, { deadline: Date.now() + GLANCE });
        } catch (cause) {
            context.info(messageOf(cause));
        }
    },
};

async function obtain(inputs: DiscoveryTokenInputs, context: OperationContext): Promise<string> {
    const { size, endpoint, url } = inputs;
    const options: WaitOptions = {
        deadline: context.deadline,
        onWaiting: (seen) => context.progress(`waiting for the discovery endpoint: ${seen}`),
    };
    if (url === undefined) {
        return createToken(endpoint ?? "", size, options);
    }
    const { members } = await requireRoom(url, size, options);
    if (members.length > 0) {
        const names = members.map(({ name }) => name).join(", ");
        context.warn(
            `${url} was used before: ${names} registered; machines of a failed bootstrap take the place of new ones`,
        );
    }
    return url;
}

function validate({ size, endpoint, url }: DiscoveryTokenInputs): Problem[] {
    return [
        ...(size === undefined ? [] : validateTokenSize("size", size)),
        ...(endpoint === undefined ? [] : validateDiscoveryEndpoint("endpoint", endpoint)),
        ...(url === undefined ? [] : validateDiscoveryUrl("url", url)),
    ];
}

/** What was decided when the token was made. A value that is not known yet is no change. */
function lastingProblems(inputs: DiscoveryTokenInputs, state: DiscoveryTokenState): Problem[] {
    const anew = "a new cluster needs a new token: a DiscoveryToken of another name";
    const problems: Problem[] = [];
    if (inputs.size !== undefined && inputs.size !== state.size) {
        problems.push({
            path: "size",
            given: given(inputs.size),
            allowed:
                `the token was made for ${state.size} members, and the size of a bootstrap token can't change afterwards; ` +
                `members are added and removed at runtime; ${anew}`,
        });
    }
    const isMade = state.endpoint !== undefined;
    for (const path of ["endpoint", "url"] as const) {
        const before = isMade === (path === "endpoint") ? state[path] : undefined;
        const now = inputs[path];
        if (now !== undefined && now !== before) {
            const origin = isMade ? `made at ${state.endpoint}` : `given as ${state.url}`;
            problems.push({
                path,
                given: given(now),
                allowed: `the token was ${origin}, and a cluster bootstraps once; ${anew}`,
            });
        }
    }
    return problems;
}
