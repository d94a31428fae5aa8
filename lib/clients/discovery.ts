import { randomBytes } from "node:crypto";
import { type DiscoveryEndpoint, discoveryEndpoint, validateDiscoveryUrl } from "../etcd/index.js";
import {
    ALREADY_EXISTS,
    type DiscoveredMember,
    errorCode,
    isUnknown,
    KEY_NOT_FOUND,
    membersOf,
    sizeOf,
    strange,
    told,
} from "./discovery-answer.js";
import { askHttp, type HttpAnswer, type HttpRequest, NoAnswerError } from "./http.js";
import { GiveUpError, type WaitOptions, WaitTimeoutError, waitFor } from "./wait.js";

/** What an endpoint knows of a token. */
export interface TokenState {
    /** Number of members that the cluster begins with. */
    readonly size: number;
    /** Those that have registered, the first one first; more than `size` only where one came too late. */
    readonly members: readonly DiscoveredMember[];
}

/** What went wrong with discovery, and what else there is, in one sentence. */
export class DiscoveryError extends Error {
    override name = "DiscoveryError";
    constructor(
        what: string,
        /** What was seen last. */
        readonly reason: string,
        instead: string,
    ) {
        super(`${what}${reason}; ${instead}.`);
    }
}

/** Longest wait for a single answer, in milliseconds. */
const PATIENCE = 10_000;

const ELSEWHERE =
    "take another endpoint, such as an own etcd's http://HOST:2379/v2/keys/discovery, " +
    'or bootstrap: "static" where the platform promises addresses';
const OWN_URL = "correct the URL that the service has for its own";
const ANEW =
    "make a new one, such as a DiscoveryToken of another name, " +
    'or bootstrap: "static" where the platform promises addresses';

/**
 * Makes a token for a cluster of that many members, and reads it back.
 *
 * @returns its URL, for etcd's `--discovery`.
 * @throws DiscoveryError where the endpoint is down, slow, or no discovery endpoint.
 * Source: etcd 3.5, dev-internal/discovery_protocol.
 */
export async function createToken(
    endpoint: string,
    size: number,
    options: WaitOptions,
): Promise<string> {
    const place = discoveryEndpoint(endpoint);
    // A token of an own etcd is a directory with a size in it; its name only has to be new.
    const name = randomBytes(16).toString("hex");
    const url = await explained(`Discovery endpoint ${place.url} gave no token`, ELSEWHERE, () =>
        waitFor("a token", options, () =>
            place.kind === "etcd"
                ? setSize(`${place.url}/${name}`, size, options.deadline)
                : askNew(place, size, options.deadline),
        ),
    );
    const gave = `Discovery endpoint ${place.url} gave the token ${url}, which`;
    const state = await explained(`${gave} can't be read`, `${OWN_URL}, or ${ELSEWHERE}`, () =>
        tokenAt(url, options),
    );
    if (state?.size !== size) {
        const found = state === undefined ? "is not there" : `is for ${state.size} members`;
        throw new DiscoveryError(`${gave} `, found, ELSEWHERE);
    }
    return url;
}

/**
 * What the endpoint knows of a token; `undefined` for one that has expired, was removed or never was.
 *
 * @throws DiscoveryError where the endpoint is down, slow, or no discovery endpoint.
 */
export function readToken(url: string, options: WaitOptions): Promise<TokenState | undefined> {
    return explained(`Discovery token ${url} can't be read`, ELSEWHERE, () =>
        tokenAt(url, options),
    );
}

/**
 * Makes sure that a cluster of that many members can bootstrap by a token.
 *
 * @throws DiscoveryError where it is unknown, expired, of another size, or already full.
 */
export async function requireRoom(
    url: string,
    size: number,
    options: WaitOptions,
): Promise<TokenState> {
    const state = await readToken(url, options);
    const refuse = (why: string) => new DiscoveryError(`Discovery token ${url} `, why, ANEW);
    if (state === undefined) {
        const kept = "the public service keeps a token for about 12 hours";
        throw refuse(`is unknown there: it has expired (${kept}), or was removed`);
    }
    if (state.size !== size) {
        throw refuse(`is for ${state.size} members, not for ${size}, and that can't be changed`);
    }
    if (state.members.length >= size) {
        const names = state.members.map(({ name }) => name).join(", ");
        throw refuse(`is already full (${names}), and bootstraps one cluster only`);
    }
    return state;
}

/** Removes a token from an etcd. One that is not there is fine. */
export async function removeToken(url: string, options: WaitOptions): Promise<void> {
    await explained(`Discovery token ${url} can't be removed`, "remove its key by hand", () =>
        waitFor("its removal", options, async () => {
            const request = { method: "DELETE" } as const;
            const answer = await ask(`${url}?recursive=true`, options.deadline, request);
            if (answer.status !== 200 && errorCode(answer) !== KEY_NOT_FOUND) {
                throw strange(answer);
            }
            return { done: undefined };
        }),
    );
}

async function askNew(
    { url }: DiscoveryEndpoint,
    size: number,
    deadline: number,
): Promise<{ done: string }> {
    const answer = await ask(`${url}/new?size=${size}`, deadline);
    const token = answer.body.trim();
    // The service's own etcd may be down for a moment.
    if (answer.status === 400 && /unable to generate/i.test(token)) {
        throw new Error(told(answer));
    }
    if (answer.status !== 200 || validateDiscoveryUrl("url", token).length > 0) {
        throw strange(answer, "to /new, and not with a token's URL");
    }
    return { done: token };
}

async function setSize(token: string, size: number, deadline: number): Promise<{ done: string }> {
    const answer = await ask(`${token}/_config/size?prevExist=false`, deadline, {
        method: "PUT",
        form: { value: String(size) },
    });
    // It exists where an answer to an earlier attempt was lost.
    if (answer.status !== 201 && errorCode(answer) !== ALREADY_EXISTS) {
        throw strange(answer, "to a new key; an etcd needs --enable-v2");
    }
    return { done: token };
}

function tokenAt(url: string, options: WaitOptions): Promise<TokenState | undefined> {
    return waitFor("an answer", options, async () => {
        const config = await ask(`${url}/_config/size`, options.deadline);
        if (isUnknown(config)) {
            return { done: undefined };
        }
        const size = sizeOf(config);
        const members = membersOf(await ask(url, options.deadline));
        return { done: { size, members } };
    });
}

/** Asks once. What may be otherwise in a moment is an error, what stays as it is a {@link GiveUpError}. */
async function ask(
    url: string,
    deadline: number,
    request: Omit<HttpRequest, "timeout"> = {},
): Promise<HttpAnswer> {
    const timeout = Math.min(PATIENCE, deadline - Date.now());
    try {
        const answer = await askHttp(url, { ...request, timeout });
        if (answer.status >= 500 || answer.status === 429) {
            throw new Error(told(answer));
        }
        return answer;
    } catch (cause) {
        if (cause instanceof NoAnswerError && !cause.mayPass) {
            throw new GiveUpError(cause.message);
        }
        if (cause instanceof NoAnswerError && Date.now() >= deadline) {
            // Cut off by the limit: what was seen before says more.
            return new Promise(() => undefined);
        }
        throw cause;
    }
}

async function explained<T>(what: string, instead: string, work: () => Promise<T>): Promise<T> {
    try {
        return await work();
    } catch (cause) {
        if (cause instanceof WaitTimeoutError) {
            const seen = cause.lastSeen === "nothing yet" ? "no answer" : cause.lastSeen;
            throw new DiscoveryError(`${what} in ${cause.waitedSeconds} s: `, seen, instead);
        }
        if (cause instanceof GiveUpError) {
            throw new DiscoveryError(`${what}: `, cause.message, instead);
        }
        throw cause;
    }
}
