import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SimulatedCloud } from "../../lib/testing/index.js";
import { accountFolder, TestStack } from "../e2e/support/test-stack.js";

let stack: TestStack;

before(async () => {
    const program = `module.exports = require(${JSON.stringify(join(__dirname, "../../stacks/aws.js"))});`;
    stack = await TestStack.create("pulumi-coreos", program, async (folder) => ({
        plugins: (await SimulatedCloud.open("aws", accountFolder(folder))).plugins,
    }));
});

after(() => stack.dispose());

interface Planned {
    readonly urn: string;
    readonly newState?: { readonly inputs: Readonly<Record<string, unknown>> };
}

async function preview(): Promise<Planned[]> {
    const { stdout, output } = await stack.pulumi(["preview", "--json"]);
    const { steps = [] }: { steps?: Planned[] } = JSON.parse(stdout);
    assert.ok(steps.length > 0, output);
    return steps;
}

test("this repository's stack on AWS, as it is and with its settings", async () => {
    const named = (steps: readonly Planned[], type: string) =>
        steps.filter(({ urn }) => urn.includes(`$aws:${type}::`));
    const plain = await preview();
    assert.equal(named(plain, "ec2/instance:Instance").length, 5);
    assert.equal(named(plain, "ebs/volume:Volume").length, 3);
    assert.equal(named(plain, "lb/loadBalancer:LoadBalancer").length, 0);
    const settings = {
        members: "1",
        workers: "1",
        instanceType: "t4g.small",
        loadBalancer: "true",
    };
    for (const [name, value] of Object.entries({ ...settings, zones: "2" })) {
        await stack.succeed(["config", "set", name, value]);
    }
    const other = await preview();
    const types = named(other, "ec2/instance:Instance").map(
        ({ newState }) => newState?.inputs["instanceType"],
    );
    assert.deepEqual(types, ["t4g.small", "t4g.small"]);
    assert.equal(named(other, "ec2/subnet:Subnet").length, 2);
    assert.equal(named(other, "lb/loadBalancer:LoadBalancer").length, 1);
});

test("what the look-ups don't know ends the preview before anything is made", async () => {
    const refused = async (name: string, value: string, reason: RegExp) => {
        await stack.succeed(["config", "set", name, value]);
        const { code, output } = await stack.pulumi(["preview"]);
        assert.notEqual(code, 0);
        assert.match(output, reason);
        assert.doesNotMatch(output, /\.js:\d+|node_modules/);
        await stack.succeed(["config", "rm", name]);
    };
    await refused("zones", "4", /platform\.vpc\.zones: got 4; this region has 3 zones, /);
    await refused(
        "flatcar",
        "1.2.3",
        /image\.flatcar\.version: got "1\.2\.3"; Flatcar stable 1\.2\.3 for/,
    );
});
