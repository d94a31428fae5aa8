import { formatProblem } from "../problem.js";
import { logToEngine } from "./engine-log.js";
import { type OperationContext, PartialFailureError, type ResourceHandler } from "./handler.js";
import { StatusLine } from "./status-line.js";
import { OPERATION_INPUT, type Operation } from "./tokens.js";

/** What stands in for a value that is not known yet, in the engine's protocol. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const DEFAULT_LIMIT = 600;

type Properties = Record<string, unknown>;
type AnyHandler = ResourceHandler<Properties, Properties>;

/** The shape that Pulumi's dynamic provider process expects of a handler. */
export interface DynamicProvider {
    check(olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: Failure[] }>;
    diff(id: string, olds: Properties, news: Properties): Promise<unknown>;
    create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
    read(id: string, props: Properties): Promise<{ id?: string; props?: Properties }>;
    update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
    delete(id: string, props: Properties): Promise<void>;
}

interface Failure {
    property: string;
    reason: string;
}

/** Wraps a handler for Pulumi's provider process: unknown values, limits, progress, clean errors. */
export function dynamicProvider(load: () => Promise<AnyHandler>): DynamicProvider {
    return {
        async check(olds, news) {
            const handler = await load();
            const state = Object.keys(olds).length === 0 ? undefined : bare(olds);
            const problems = await clean(() => handler.check?.(known(bare(news)), state) ?? []);
            const failures = problems
                .filter((problem) => problem.severity !== "warning")
                .map((problem) => ({ property: problem.path, reason: formatProblem(problem) }));
            return { inputs: news, failures };
        },
        async diff(id, olds, news) {
            const handler = await load();
            const { warnings = [], ...difference } = await clean(() =>
                handler.diff(id, bare(olds), known(bare(news))),
            );
            const operation = news[OPERATION_INPUT] as Operation | undefined;
            for (const warning of warnings) {
                await logToEngine(operation?.urn ?? "", "warning", warning);
            }
            return difference;
        },
        async create(inputs) {
            const handler = await load();
            const { id, state } = await partial(inputs, () =>
                during(inputs, "create", (context) => handler.create(bare(inputs), context)),
            );
            return { id, outs: { ...state, [OPERATION_INPUT]: inputs[OPERATION_INPUT] } };
        },
        async read(id, props) {
            const handler = await load();
            const existing = await clean(() =>
                during(props, "update", (context) => handler.read(id, bare(props), context)),
            );
            return existing === undefined
                ? {}
                : {
                      id: existing.id,
                      props: { ...existing.state, [OPERATION_INPUT]: props[OPERATION_INPUT] },
                  };
        },
        async update(id, olds, news) {
            const handler = await load();
            const state = await partial(news, () =>
                during(news, "update", (context) =>
                    handler.update(id, bare(olds), bare(news), context),
                ),
            );
            return { outs: { ...state, [OPERATION_INPUT]: news[OPERATION_INPUT] } };
        },
        async delete(id, props) {
            const handler = await load();
            await clean(() =>
                during(props, "delete", (context) => handler.delete(id, bare(props), context)),
            );
        },
    };
}

/** The properties without what Pulumi and the construct add for the host alone. */
function bare(properties: Properties): Properties {
    const { __provider: _source, [OPERATION_INPUT]: _operation, ...rest } = properties;
    return rest;
}

/** The same value with `undefined` for everything that is not known yet. */
function known<T>(value: T): T {
    return JSON.parse(JSON.stringify(value), (_key, inner) =>
        inner === UNKNOWN ? undefined : inner,
    );
}

/** Does the work of an operation, with its limit and its way to say how it goes on. */
async function during<T>(
    properties: Properties,
    kind: "create" | "update" | "delete",
    work: (context: OperationContext) => Promise<T>,
): Promise<T> {
    const operation = properties[OPERATION_INPUT] as Operation | undefined;
    const urn = operation?.urn ?? "";
    const log = (logKind: "progress" | "info" | "warning") => (message: string) => {
        void logToEngine(urn, logKind, message);
    };
    const line = new StatusLine(log("progress"));
    try {
        return await work({
            progress: (message) => line.show(message),
            info: log("info"),
            warn: log("warning"),
            deadline: Date.now() + (operation?.[kind] ?? DEFAULT_LIMIT) * 1000,
        });
    } finally {
        line.end();
    }
}

/** An error that Pulumi prints as its message alone: name and stack are printed where they exist. */
function plain(cause: unknown): Error {
    const error = new Error(cause instanceof Error ? cause.message : String(cause));
    if (process.env["PULUMI_COREOS_DEBUG"] !== undefined && cause instanceof Error) {
        error.message = cause.stack ?? cause.message;
    }
    error.name = "";
    error.stack = "";
    return error;
}

async function clean<T>(work: () => T | Promise<T>): Promise<T> {
    try {
        return await work();
    } catch (cause) {
        throw plain(cause);
    }
}

/** Like {@link clean}; a partial failure carries what exists, so that Pulumi keeps it. */
async function partial<T>(inputs: Properties, work: () => Promise<T>): Promise<T> {
    try {
        return await work();
    } catch (cause) {
        if (cause instanceof PartialFailureError) {
            throw Object.assign(plain(cause), {
                id: cause.existing.id,
                properties: { ...inputs, ...cause.existing.state },
                reasons: [cause.message],
            });
        }
        throw plain(cause);
    }
}
