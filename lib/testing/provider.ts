import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { provider } from "@pulumi/pulumi";
import type { Account } from "./account.js";
import type { CloudProgram, SimulatedResource } from "./simulated-resource.js";
import { type Properties, plainValues } from "./wire-values.js";

/** Where the state keeps the names of the inputs, so that one that is left out later is a change. */
const INPUTS = "__inputs";

type AnyResource = SimulatedResource<Properties, Properties>;

/** The provider that Pulumi's engine talks to, for a simulated cloud and one account of it. */
export function simulatedProvider(cloud: CloudProgram, account: Account): provider.Provider {
    const resourceOf = (urn: string): AnyResource => {
        const type = typeOf(urn);
        const found = cloud.resources[type];
        if (found === undefined) {
            throw plainError(
                new Error(
                    `the simulated ${cloud.name} has no resource type ${type}; it has ${Object.keys(cloud.resources).join(", ")}`,
                ),
            );
        }
        return found;
    };
    return {
        version: cloud.version,
        schema: "{}",
        async check(urn, olds, news) {
            if (urn.includes("::pulumi:providers:")) {
                return { inputs: news };
            }
            const { defaults = {}, named = false } = resourceOf(urn);
            const before = plainValues(olds);
            const key = named === true ? "name" : named;
            const name = key ? { [key]: before[key] ?? madeUpName(urn, account) } : {};
            return { inputs: { ...name, ...defaults, ...news } };
        },
        async diff(_id, urn, olds, news) {
            const resource = resourceOf(urn);
            const before = plainValues(olds);
            const inputs = plainValues(news);
            const after = stored(resource, inputs);
            const leftOut = inputNames(before).filter((key) => !(key in news));
            const other = Object.keys(news).filter(
                (key) =>
                    !isInternal(key) &&
                    (inputs[key] === undefined || !isDeepStrictEqual(before[key], after[key])),
            );
            const changed = [...leftOut, ...other];
            const replacing = [
                ...resource.replacedBy,
                ...(resource.alsoReplacedBy?.(inputs) ?? []),
            ];
            const replaces = changed.filter((key) => replacing.includes(key));
            return { changes: changed.length > 0, replaces };
        },
        async create(urn, sent) {
            const resource = resourceOf(urn);
            const inputs = plainValues(sent);
            const { id, outputs } = await plainly(async () => {
                await account.requireAllowed(typeOf(urn));
                return resource.create(inputs, account);
            });
            const outs = { ...stored(resource, inputs), ...outputs };
            await account.put(resource.kind, { ...outs, id });
            await plainly(async () => resource.changed?.(account));
            return { id, outs: { ...outs, [INPUTS]: namesOf(inputs) } };
        },
        async read(id, urn, sent) {
            const found = await account.get(resourceOf(urn).kind, id);
            if (found === undefined) {
                return { id: "", props: {} };
            }
            const { madeAt: _madeAt, id: _id, ...props } = found;
            return { id, props: { ...props, [INPUTS]: inputNames(plainValues(sent)) } };
        },
        async update(id, urn, olds, news) {
            const resource = resourceOf(urn);
            const before = plainValues(olds);
            const inputs = plainValues(news);
            const changes = await plainly(async () =>
                resource.update?.(id, before, inputs, account),
            );
            const now = { ...stored(resource, inputs), ...changes };
            const leftOut = inputNames(before).filter((key) => !(key in inputs));
            const kept = await account.get(resource.kind, id);
            await account.put(resource.kind, { ...without(kept ?? {}, leftOut), ...now, id });
            await plainly(async () => resource.changed?.(account));
            return { outs: { ...without(before, leftOut), ...now, [INPUTS]: namesOf(inputs) } };
        },
        async delete(id, urn, state) {
            const resource = resourceOf(urn);
            if ((await account.get(resource.kind, id)) === undefined) {
                return;
            }
            await plainly(async () => resource.delete?.(id, plainValues(state), account));
            await account.remove(resource.kind, id);
            await plainly(async () => resource.changed?.(account));
        },
        async invoke(token, args) {
            const lookUp = cloud.lookUps[token];
            if (lookUp === undefined) {
                throw plainError(new Error(`the simulated ${cloud.name} has no look-up ${token}`));
            }
            const outputs = await plainly(async () => {
                await account.requireAllowed(token);
                return lookUp(plainValues(args), account);
            });
            return { outputs };
        },
    };
}

function stored(resource: AnyResource, inputs: Properties): Properties {
    const known = Object.entries(inputs).filter(([key]) => !isInternal(key));
    return { ...Object.fromEntries(known), ...resource.stored?.(inputs) };
}

function namesOf(inputs: Properties): string[] {
    return Object.keys(inputs).filter((key) => !isInternal(key));
}

/** What of the state the program asked for; the rest came from the cloud. */
function inputNames(state: Properties): string[] {
    const names = state[INPUTS];
    return Array.isArray(names) ? names.map(String) : [];
}

function without(properties: Properties, keys: readonly string[]): Properties {
    return Object.fromEntries(Object.entries(properties).filter(([key]) => !keys.includes(key)));
}

function isInternal(key: string): boolean {
    return key.startsWith("__");
}

/** `digitalocean:index/droplet:Droplet` of a URN: the last of its types. */
function typeOf(urn: string): string {
    return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** As Pulumi's providers do: the resource's own name and seven characters. */
function madeUpName(urn: string, { directory }: Account): string {
    const name = urn.split("::").at(-1) ?? "";
    return `${name}-${createHash("sha256").update(`${directory} ${urn}`).digest("hex").slice(0, 7)}`;
}

async function plainly<T>(work: () => Promise<T>): Promise<T> {
    try {
        return await work();
    } catch (cause) {
        throw plainError(cause);
    }
}

/** Pulumi prints the stack of what a provider throws. */
function plainError(cause: unknown): Error {
    const error = new Error(cause instanceof Error ? cause.message : String(cause));
    error.stack = "";
    return error;
}
