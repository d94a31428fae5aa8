import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import {
    type CloudConfig,
    parseCloudConfig,
    renderCloudConfig,
    validateCloudConfig,
} from "../../cloud-config/index.js";
import { type ClusterShape, planMachines } from "../../plan/index.js";
import type { CreatedMachine, Platform } from "../../platform.js";
import { Collected } from "./collected.js";
import type { PlatformUnderTest } from "./platform-under-test.js";

const shape: ClusterShape = {
    name: "conform",
    members: { count: 3, metadata: { role: "member" } },
    workers: { web: { count: 2, expose: [80] }, batch: { names: ["tick", "tock"] } },
};
const machines = planMachines(shape);
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRlc3Q=";

/** What it says and declares, by Pulumi's own stand-in for its engine. */
export function checkContract(platform: PlatformUnderTest): void {
    const registered: { readonly urn: string; readonly inputs: Record<string, unknown> }[] = [];
    let made: Platform;

    before(async () => {
        const mocks: pulumi.runtime.Mocks = {
            newResource: ({ type, name, inputs }) => {
                registered.push({ urn: `${type}::${name}`, inputs });
                return { id: `${name}-id`, state: inputs };
            },
            call: ({ token, inputs }) => platform.lookUps?.[token] ?? inputs,
        };
        await pulumi.runtime.setMocks(mocks, "project", "stack", true);
        const own = new Collected();
        made = platform.make("one", { transformations: [own.transformation] });
        await own.registered();
    });

    test("its traits are what the checks of user-data go by", () => {
        const { name, userData, publicIpv4, user } = made.traits;
        assert.match(name, /^[a-z][a-z0-9]*$/);
        assert.match(user, /^[a-z_][a-z0-9_-]*$/);
        assert.ok(Number.isInteger(userData.limit) && userData.limit >= 16_384);
        assert.deepEqual([typeof userData.gzip, typeof publicIpv4], ["boolean", "boolean"]);
    });

    test("its plan is pure: the same every time, and nothing is declared", async () => {
        const before = registered.length;
        const plan = made.plan(deepFreeze(shape), deepFreeze(machines));
        assert.deepEqual(made.plan(shape, machines), plan);
        assert.ok(!(plan instanceof Promise));
        await new Promise((resolve) => setTimeout(resolve, 500));
        assert.equal(registered.length, before);
        assert.deepEqual(plan.problems, []);
    });

    test("addresses are promised for each machine, no two the same, or for none", () => {
        const { addresses } = made.plan(shape, machines);
        if (addresses !== undefined) {
            const names = machines.map(({ name }) => name);
            assert.deepEqual(Object.keys(addresses).sort(), [...names].sort());
            assert.equal(new Set(Object.values(addresses)).size, machines.length);
        }
    });

    test("what it adds to user-data is for groups that there are, and stands the checks", () => {
        const { documents = {} } = made.plan(shape, machines);
        const groups = new Set(machines.map(({ group }) => group));
        const context = { publicIpv4: made.traits.publicIpv4, privateIpv4: true };
        for (const [group, document] of Object.entries(documents)) {
            assert.ok(groups.has(group), group);
            assert.deepEqual(validateCloudConfig(document, context), []);
        }
    });

    test("what it can't do is a problem with a path that the user wrote, and no exception", async () => {
        const own = new Collected();
        const opts = { transformations: [own.transformation] };
        const { problems } = platform.makeUnfit("unfit", opts).plan(shape, machines);
        await own.registered();
        assert.ok(problems.length > 0);
        for (const { path, given, allowed } of problems) {
            assert.match(path, /^platform\.[a-z]/);
            assert.ok(given !== undefined && given !== "", path);
            assert.match(allowed, /^[^A-Z].*[^.]$/);
        }
    });

    test("it makes each machine that was planned, hands over its text, and declares all under the cluster", async () => {
        const from = registered.length;
        const below = new Collected();
        const transformations = [below.transformation];
        const parent = new pulumi.ComponentResource("test:index:P", "p", {}, { transformations });
        const texts = Object.fromEntries(
            machines.map(({ group }) => [
                group,
                pulumi.output(renderCloudConfig(documentOf(group))),
            ]),
        );
        const turns: string[] = [];
        const created = made.create({
            shape,
            machines,
            userData: texts,
            sshAuthorizedKeys: [pulumi.output(key)],
            order: {
                before: ({ name }) => {
                    turns.push(`before ${name}`);
                    return [];
                },
                made: ({ name }) => {
                    turns.push(`made ${name}`);
                },
            },
            parent,
        });
        await below.registered();
        assert.deepEqual(
            Object.keys(created),
            machines.map(({ name }) => name),
        );
        const own = registered.slice(from).filter(({ urn }) => urn !== "test:index:P::p");
        assert.deepEqual(own.map(({ urn }) => urn).sort(), below.names.slice(1).sort());
        for (const { name, group } of machines) {
            const { id, privateIp }: Partial<CreatedMachine> = created[name] ?? {};
            assert.ok(pulumi.Output.isInstance(id) && pulumi.Output.isInstance(privateIp), name);
            const machine = own.find(({ urn }) => urn.endsWith(`::${name}`));
            const text = (platform.textOf ?? cloudConfigIn)(machine?.inputs ?? {});
            const { write_files } = parseCloudConfig(text).document;
            assert.deepEqual(write_files, documentOf(group).write_files);
        }
        const isHandedOver = own.some(({ inputs }) => JSON.stringify(inputs).includes(key));
        assert.ok(isHandedOver, "the SSH key is an input of some resource");
        const inTurn = machines.flatMap(({ name }) => [`before ${name}`, `made ${name}`]);
        assert.deepEqual(turns, inTurn, "each machine is declared between `before` and `made`");
        const urns = own.map(({ urn }) => urn);
        assert.equal(new Set(urns).size, urns.length, "each resource has a name of its own");
    });
}

/** What sets a group's text apart. */
function documentOf(group: string): CloudConfig {
    return { write_files: [{ path: "/etc/group-of-machines", content: group }] };
}

function cloudConfigIn(inputs: Readonly<Record<string, unknown>>): string {
    const texts = Object.values(inputs).filter((value) => typeof value === "string");
    return texts.find((text) => text.startsWith("#cloud-config\n")) ?? "";
}

function deepFreeze<T>(value: T): T {
    if (typeof value === "object" && value !== null) {
        Object.values(value).forEach(deepFreeze);
        Object.freeze(value);
    }
    return value;
}
