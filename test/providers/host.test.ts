import assert from "node:assert/strict";
import { test } from "node:test";
import {
    type OperationContext,
    PartialFailureError,
    type ResourceHandler,
} from "../../lib/providers/handler.js";
import { dynamicProvider } from "../../lib/providers/host.js";
import { OPERATION_INPUT, providerSource } from "../../lib/providers/tokens.js";

/** As `pulumi.runtime.unknownValue` has it: what the engine sends for a value that is not known yet. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const operation = { urn: "urn:pulumi:s::p::t::n", create: 20, update: 30, delete: 40 };
const added = { __provider: providerSource("Service"), [OPERATION_INPUT]: operation };
type Properties = Record<string, unknown>;
type Handler = ResourceHandler<Properties, Properties>;

/** A handler that does nothing but what the test gives it. */
function providerOf(parts: Partial<Handler>) {
    const handler: Handler = {
        diff: () => ({ changes: false }),
        create: async (inputs) => ({ id: "id", state: inputs }),
        read: async (id, state) => ({ id, state }),
        update: async (_id, _state, inputs) => inputs,
        delete: async () => undefined,
        ...parts,
    };
    return dynamicProvider(async () => handler);
}

test("a handler sees neither the provider's text nor the operation; the state keeps both for later", async () => {
    const seen: unknown[] = [];
    const provider = providerOf({
        create: async (inputs) => {
            seen.push(inputs);
            return { id: "1", state: { ...inputs, made: true } };
        },
        update: async (_id, state, inputs) => {
            seen.push(state, inputs);
            return { ...inputs, made: true };
        },
        delete: async (_id, state) => {
            seen.push(state);
        },
        diff: (_id, state, inputs) => {
            seen.push(state, inputs);
            return { changes: false };
        },
    });
    const created = await provider.create({ size: 1, ...added });
    assert.deepEqual(created, {
        id: "1",
        outs: { size: 1, made: true, [OPERATION_INPUT]: operation },
    });
    const state = { ...created.outs, ...added };
    const updated = await provider.update("1", state, { size: 2, ...added });
    assert.deepEqual(updated.outs, { size: 2, made: true, [OPERATION_INPUT]: operation });
    await provider.diff("1", state, { size: 2, ...added });
    await provider.delete("1", state);
    assert.deepEqual(seen, [
        { size: 1 },
        { size: 1, made: true },
        { size: 2 },
        { size: 1, made: true },
        { size: 2 },
        { size: 1, made: true },
    ]);
});

test("check and diff see what is not known yet as undefined, at every depth", async () => {
    const seen: unknown[] = [];
    const provider = providerOf({
        check: (inputs) => {
            seen.push(inputs);
            return [];
        },
        diff: (_id, _state, inputs) => {
            seen.push(inputs);
            return { changes: true };
        },
    });
    const news = { a: unknown, b: { c: unknown, d: 1 }, list: [unknown, 2] };
    const { inputs } = await provider.check({}, { ...news, ...added });
    assert.deepEqual(inputs, { ...news, ...added }, "the engine gets its own inputs back");
    await provider.diff("1", {}, { ...news, ...added });
    for (const one of seen) {
        const { a, b, list } = one as { a?: unknown; b: Properties; list: unknown[] };
        assert.equal(a, undefined);
        assert.deepEqual(b, { d: 1 });
        assert.deepEqual([list[0], list[1]], [undefined, 2]);
    }
    assert.equal(seen.length, 2);
});

test("check passes on each error as one line with its property, and no warning", async () => {
    const provider = providerOf({
        check: () => [
            { path: "size", given: "9", allowed: "must be 3" },
            { path: "name", allowed: "is odd", severity: "warning" },
        ],
    });
    const { failures } = await provider.check({}, {});
    assert.deepEqual(failures, [{ property: "size", reason: "size: got 9; must be 3" }]);
});

for (const [kind, run] of [
    ["create", (p) => p.create({ ...added })],
    ["update", (p) => p.update("1", { ...added }, { ...added })],
    ["delete", (p) => p.delete("1", { ...added })],
] as const satisfies readonly (readonly [
    "create" | "update" | "delete",
    (provider: ReturnType<typeof providerOf>) => Promise<unknown>,
])[]) {
    test(`${kind} gets its own limit as a deadline`, async () => {
        let context: OperationContext | undefined;
        const provider = providerOf({
            create: async (inputs, given) => {
                context = given;
                return { id: "1", state: inputs };
            },
            update: async (_id, _state, inputs, given) => {
                context = given;
                return inputs;
            },
            delete: async (_id, _state, given) => {
                context = given;
            },
        });
        const before = Date.now();
        await run(provider);
        const left = (context?.deadline ?? 0) - operation[kind] * 1000;
        assert.ok(left >= before && left <= Date.now(), String(left - before));
    });
}

test("a create that failed half-way names what exists, with all that a later run needs of it", async () => {
    const existing = { id: "half", state: { size: 1, made: "some" } };
    const provider = providerOf({
        create: async () => {
            throw new PartialFailureError("two of three are there", existing);
        },
        update: async () => {
            throw new PartialFailureError("two of three are there", existing);
        },
    });
    const inputs = { size: 1, ...added };
    for (const work of [
        () => provider.create(inputs),
        () => provider.update("half", inputs, inputs),
    ]) {
        await assert.rejects(work, (error: Error & Properties) => {
            assert.equal(error.message, "two of three are there");
            assert.equal(error["id"], "half");
            assert.deepEqual(error["reasons"], ["two of three are there"]);
            assert.deepEqual(error["properties"], { size: 1, made: "some", ...added });
            return true;
        });
    }
});

test("any other error leaves nothing behind, and is its message alone: no name, no stack", async () => {
    const fail = () => {
        throw new TypeError("the disk is full");
    };
    const provider = providerOf({
        check: fail,
        diff: fail,
        create: fail,
        read: fail,
        update: fail,
        delete: fail,
    });
    for (const work of [
        () => provider.check({}, {}),
        () => provider.diff("1", {}, {}),
        () => provider.create({}),
        () => provider.read("1", {}),
        () => provider.update("1", {}, {}),
        () => provider.delete("1", {}),
    ]) {
        await assert.rejects(work, (error: Error & Properties) => {
            assert.equal(String(error), "the disk is full");
            assert.equal(error.stack, "");
            assert.equal(error["id"], undefined);
            return true;
        });
    }
});

test("a resource that is gone is read as nothing; one that stands keeps its operation", async () => {
    const gone = providerOf({ read: async () => undefined });
    assert.deepEqual(await gone.read("1", { ...added }), {});
    const there = providerOf({ read: async (id) => ({ id, state: { size: 2 } }) });
    assert.deepEqual(await there.read("1", { size: 1, ...added }), {
        id: "1",
        props: { size: 2, [OPERATION_INPUT]: operation },
    });
});
