import assert from "node:assert/strict";
import { after, test } from "node:test";
import { PROVIDERS, resourceType } from "../../lib/providers/tokens.js";
import { ofType, StackPreview } from "./support/stack-preview.js";

const stacks: StackPreview[] = [];

after(() => Promise.all(stacks.map((stack) => stack.dispose())));

test("the services are the same, to the letter, wherever the machines run", async () => {
    const texts: unknown[] = [];
    for (const name of ["local", "digitalocean", "aws"] as const) {
        const stack = await StackPreview.create(name);
        stacks.push(stack);
        const services = ofType(await stack.planned(), resourceType(PROVIDERS.service));
        texts.push(services.map(({ newState }) => newState?.inputs["files"]));
    }
    const [local, ...others] = texts;
    assert.match(JSON.stringify(local), /hello@\.service/);
    assert.deepEqual(others, [local, local]);
});
