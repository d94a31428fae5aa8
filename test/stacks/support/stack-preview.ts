import assert from "node:assert/strict";
import { join } from "node:path";
import { type CloudName, SimulatedCloud } from "../../../lib/testing/index.js";
import { accountFolder, TestStack } from "../../e2e/support/test-stack.js";

/** A resource that a preview would make. */
export interface Planned {
    readonly urn: string;
    readonly newState?: { readonly inputs: Readonly<Record<string, unknown>> };
}

/** Previews of one of this repository's stacks, its cloud a simulated one. Nothing is made. */
export class StackPreview {
    private constructor(private readonly stack: TestStack) {}

    /** @param name of the program in `stacks/` */
    static async create(name: CloudName | "local"): Promise<StackPreview> {
        const program = join(__dirname, "../../../stacks", `${name}.js`);
        const text = `module.exports = require(${JSON.stringify(program)});`;
        const settings = async (folder: string) =>
            name === "local"
                ? {}
                : { plugins: (await SimulatedCloud.open(name, accountFolder(folder))).plugins };
        return new StackPreview(await TestStack.create("pulumi-coreos", text, settings));
    }

    /** Sets settings of the stack. */
    async set(settings: Readonly<Record<string, string>>): Promise<void> {
        for (const [name, value] of Object.entries(settings)) {
            await this.stack.succeed(["config", "set", name, value]);
        }
    }

    /** What it would make, in the order of the names. */
    async planned(): Promise<Planned[]> {
        const { stdout, output } = await this.stack.pulumi(["preview", "--json"]);
        const { steps = [] }: { steps?: Planned[] } = JSON.parse(stdout);
        assert.ok(steps.length > 0, output);
        return steps.sort((one, other) => one.urn.localeCompare(other.urn));
    }

    /** Takes for granted that a setting is refused in one sentence, for this reason; takes it back. */
    async assertRefused(name: string, value: string, reason: RegExp): Promise<void> {
        await this.set({ [name]: value });
        const { code, output } = await this.stack.pulumi(["preview"]);
        assert.notEqual(code, 0);
        assert.match(output, reason);
        assert.doesNotMatch(output, /\.js:\d+|node_modules/);
        await this.stack.succeed(["config", "rm", name]);
    }

    dispose(): Promise<void> {
        return this.stack.dispose();
    }
}

/** Those of the resources that are of a type, such as `aws:ec2/instance:Instance`, wherever they stand. */
export function ofType(planned: readonly Planned[], type: string): Planned[] {
    return planned.filter(({ urn }) => urn.split("::")[2]?.split("$").at(-1) === type);
}
