import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { PlatformLife } from "./platform-under-test.js";
import { ScratchProject } from "./scratch-project.js";

/** Two machines: a member, and a worker with a port that is let in. */
const cluster = { members: { count: 1 }, workers: { web: { count: 1, expose: [80] } } };

/** Declares the checks of a platform's life on the real engine, with real machines. */
export function checkLife(name: string, life: PlatformLife): void {
    describe("on the real engine", { skip: life.skip ?? false }, () => {
        let project: ScratchProject | undefined;
        const made = (): ScratchProject => {
            assert.ok(project !== undefined, "the project was not made");
            return project;
        };
        let failed: string | undefined;

        before(async () => {
            const settings = life.settings?.bind(life) ?? (async () => ({}));
            const id = `conform-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
            project = await ScratchProject.make(id, programOf(life), settings);
        });

        after(async () => {
            if (project === undefined) {
                return;
            }
            if (failed !== undefined) {
                await project.run("cancel", "--yes");
                await project.run("destroy", "--yes", "--skip-preview");
            }
            await life.sweep?.(project.folder);
            await project.remove();
        });

        /** A test on what the one before left: after a failure the rest is skipped. */
        const step = (title: string, work: () => Promise<void>): void => {
            test(title, async (context) => {
                if (failed !== undefined) {
                    context.skip(`after the failure of: ${failed}`);
                    return;
                }
                failed = title;
                await work();
                failed = undefined;
            });
        };

        step("two previews say the same, and make nothing", async () => {
            const preview = async (): Promise<unknown[]> => {
                const printed = await made().succeed("preview", "--json");
                const { steps }: { steps: PlannedStep[] } = JSON.parse(printed);
                return steps
                    .map(({ op, urn, newState }) => ({ op, urn, inputs: newState?.inputs }))
                    .sort((left, right) => left.urn.localeCompare(right.urn));
            };
            const first = await preview();
            assert.ok(first.length > 5);
            assert.deepEqual(await preview(), first);
            assert.deepEqual(await life.left(made().folder), []);
        });

        step("up gives what was planned, and a preview after it sees no change", async () => {
            await made().succeed("up", "--yes", "--skip-preview", "--suppress-outputs");
            const machines: { readonly name: string }[] = JSON.parse(
                await made().succeed("stack", "output", "machines", "--json"),
            );
            const names = machines.map((machine) => machine.name);
            assert.deepEqual(names, ["conform-1", "conform-web-1"]);
            await made().succeed("preview", "--expect-no-changes");
        });

        step("refresh sees what was made", async () => {
            await made().succeed("refresh", "--preview-only", "--expect-no-changes");
        });

        step("destroy leaves nothing", async () => {
            assert.notDeepEqual(await life.left(made().folder), []);
            await made().succeed("destroy", "--yes", "--skip-preview");
            assert.deepEqual(await life.left(made().folder), []);
        });
    });
}

function programOf({ module, className, args, cluster: more = {} }: PlatformLife): string {
    const path = require.resolve(module, { paths: [process.cwd()] });
    return `const { Cluster } = require("pulumi-coreos");
const { ${className}: Platform } = require(${JSON.stringify(path)});
const platform = new Platform(${JSON.stringify(className.toLowerCase())}, ${JSON.stringify(args)});
const cluster = new Cluster("conform", { platform, ...${JSON.stringify({ ...more, ...cluster })} });
exports.machines = cluster.machines;
`;
}

interface PlannedStep {
    readonly op: string;
    readonly urn: string;
    readonly newState?: { readonly inputs?: unknown };
}
