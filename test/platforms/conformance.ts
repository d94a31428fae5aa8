/** What every platform must do, whoever wrote it: the contract of `lib/platform.ts`, checked. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import {
    type CloudConfig,
    parseCloudConfig,
    renderCloudConfig,
    validateCloudConfig,
} from "../../lib/cloud-config/index.js";
import { type ClusterShape, planMachines } from "../../lib/plan/index.js";
import type { CreatedMachine, Platform } from "../../lib/platform.js";
import { bareCluster, type PlatformText } from "../e2e/support/program.js";
import { Residue } from "../e2e/support/residue.js";
import { steps } from "../e2e/support/steps.js";
import { TestStack } from "../e2e/support/test-stack.js";

/** A platform, and what the checks need to know of it. */
export interface PlatformUnderTest {
    /** How it stands in a program. */
    readonly text: PlatformText;
    /** A new one in this process, which hands these options to its resources. */
    make(name: string, opts: pulumi.ComponentResourceOptions): Platform;
    /** One that can't carry {@link shape}, and says so. */
    makeUnfit(name: string, opts: pulumi.ComponentResourceOptions): Platform;
    /** What a project needs in its Pulumi.yaml, such as the cloud's simulation. */
    settings?(folder: string): Promise<Readonly<Record<string, unknown>>>;
    /** What the cloud's look-ups answer, by token, in the tests that ask no cloud. */
    readonly lookUps?: Readonly<Record<string, Record<string, unknown>>>;
    /** The text that a machine's inputs hand over; default the one among them that is a cloud-config. */
    textOf?(inputs: Readonly<Record<string, unknown>>): string;
    /** What the cloud still holds of a project that was destroyed, beside what this host shows. */
    left?(): Promise<readonly string[]>;
}

const shape: ClusterShape = {
    name: "conform",
    members: { count: 3, metadata: { role: "member" } },
    workers: { web: { count: 2, expose: [80] }, batch: { names: ["tick", "tock"] } },
};
const machines = planMachines(shape);

/** Declares the checks of a platform. */
export function conformance(platform: PlatformUnderTest): void {
    describe(`${platform.text.name} as a platform`, () => {
        contract(platform);
        life(platform);
    });
}

/** What it says and declares, by Pulumi's own stand-in for its engine. */
function contract(platform: PlatformUnderTest): void {
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
        const created = made.create({
            shape,
            machines,
            userData: texts,
            sshAuthorizedKeys: [pulumi.output("ssh-ed25519 AAAA")],
            order: { before: () => [], made: () => undefined },
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

/** Its life on the real engine, with real machines. */
function life(platform: PlatformUnderTest): void {
    const skip = process.getuid?.() === 0 ? false : "needs root";
    describe("on the real engine", { skip }, () => {
        const step = steps();
        let stack: TestStack;
        let residue: Residue;

        before(async () => {
            const args = { members: { count: 1 }, workers: { web: { count: 1, expose: [80] } } };
            const program = bareCluster("conform", args, platform.text);
            const project = `conform-${platform.text.name.toLowerCase()}`;
            stack = await TestStack.create(project, program, platform.settings);
            residue = new Residue();
        });

        after(() => stack.dispose());

        step("two previews say the same, and make nothing", async () => {
            const preview = async (): Promise<unknown> => {
                const { stdout } = await stack.pulumi(["preview", "--json"]);
                const { steps: planned }: { steps: PlannedStep[] } = JSON.parse(stdout);
                return planned
                    .map(({ op, urn, newState }) => ({ op, urn, inputs: newState?.inputs }))
                    .sort((left, right) => left.urn.localeCompare(right.urn));
            };
            const first = await preview();
            assert.ok(Array.isArray(first) && first.length > 5);
            assert.deepEqual(await preview(), first);
            assert.deepEqual(await stack.networks(), []);
        });

        step("up gives what was planned, and a preview after it sees no change", async () => {
            await stack.up();
            await residue.mark(await stack.networks());
            const names = (await stack.outputs()).machines.map(({ name }) => name);
            assert.deepEqual(names, ["conform-1", "conform-web-1"]);
            await stack.succeed(["preview", "--expect-no-changes"]);
        });

        step("refresh sees what was made", async () => {
            await stack.succeed(["refresh", "--preview-only", "--expect-no-changes"]);
        });

        step("destroy leaves nothing", async () => {
            assert.notDeepEqual(await residue.left(), []);
            await stack.succeed(["destroy", "--yes", "--skip-preview"]);
            assert.deepEqual(await residue.left(), []);
            assert.deepEqual(await platform.left?.(), platform.left && []);
        });
    });
}

interface PlannedStep {
    readonly op: string;
    readonly urn: string;
    readonly newState?: { readonly inputs?: unknown };
}

/** The resources that a transformation meets. */
class Collected {
    readonly names: string[] = [];
    private readonly resources: pulumi.Resource[] = [];

    readonly transformation: pulumi.ResourceTransformation = ({ type, name, resource }) => {
        this.names.push(`${type}::${name}`);
        this.resources.push(resource);
        return undefined;
    };

    /** Until each of them is known to the engine's stand-in. */
    async registered(): Promise<void> {
        const registration = ({ urn }: pulumi.Resource) =>
            new Promise((resolve) => urn.apply(resolve));
        await Promise.all(this.resources.map(registration));
    }
}

function deepFreeze<T>(value: T): T {
    if (typeof value === "object" && value !== null) {
        Object.values(value).forEach(deepFreeze);
        Object.freeze(value);
    }
    return value;
}
