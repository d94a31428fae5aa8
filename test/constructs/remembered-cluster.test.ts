import assert from "node:assert/strict";
import { test } from "node:test";
import { rememberedIn } from "../../lib/constructs/remembered-cluster.js";
import { PROVIDERS, resourceType } from "../../lib/providers/tokens.js";

const at = (name: string, n: number, instance = `i-${n}`) => ({
    name,
    instance,
    sshAddress: `203.0.113.${n}`,
    privateIp: `10.0.0.${n}`,
});
const readiness = (cluster: string) => ({
    type: resourceType(PROVIDERS.readiness),
    outputs: {
        cluster,
        machines: [
            { ...at("a-1", 1), role: "member" },
            { ...at("a-2", 2), role: "member" },
            { ...at("a-web-1", 3), role: "worker" },
        ],
        ready: [
            { name: "a-1", instance: "i-1", hostKey: "one", machineId: "m-1" },
            { name: "a-2", instance: "i-2", hostKey: "two", machineId: "m-2" },
            { name: "a-web-1", instance: "i-3", hostKey: "three", machineId: "m-3" },
        ],
    },
});
const pause = (turn: string | undefined, made: readonly unknown[], hostKey: string) => ({
    type: resourceType(PROVIDERS.memberRoll),
    outputs: {
        cluster: "a",
        ...(turn === undefined ? {} : { turn }),
        mark: "m",
        made,
        hostKey,
        machineId: hostKey === "" ? "" : "m-7",
    },
});

test("members are where the cluster was ready last, with the keys that they showed", () => {
    assert.deepEqual(rememberedIn("a", [readiness("b"), readiness("a")]), {
        members: {
            "a-1": { ...at("a-1", 1), hostKey: "one", machineId: "m-1" },
            "a-2": { ...at("a-2", 2), hostKey: "two", machineId: "m-2" },
        },
        marks: {},
    });
});

test("a pause knows more of a member that was made since, in an update that was cut off", () => {
    const made = [at("a-1", 7, "i-7")];
    const resources = [pause(undefined, [], ""), pause("a-1", made, "seven"), readiness("a")];
    const { members, marks } = rememberedIn("a", resources);
    assert.deepEqual(members["a-1"], {
        ...at("a-1", 7, "i-7"),
        hostKey: "seven",
        machineId: "m-7",
    });
    assert.deepEqual(members["a-2"], { ...at("a-2", 2), hostKey: "two", machineId: "m-2" });
    assert.deepEqual(marks, { "a-1": "m" });
});

test("a cluster that was never ready has no members to ask", () => {
    const made = [at("a-1", 1)];
    assert.deepEqual(rememberedIn("a", [pause("a-1", made, "")]), {
        members: {},
        marks: { "a-1": "m" },
    });
    assert.deepEqual(rememberedIn("a", []), { members: {}, marks: {} });
});
