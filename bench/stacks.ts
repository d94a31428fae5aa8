import type { Benchmark } from "./figure.js";
import type { PulumiStacks } from "./pulumi-stacks.js";
import { measureYardstick } from "./yardstick.js";

/** The demo from nothing, against an empty stack and the same done by a shell script. */
export function bringingUp(stacks: PulumiStacks): Benchmark {
    return {
        key: "a",
        title: "pulumi up of the demo, against an empty stack's and a shell script that does the same",
        unit: "ratio",
        goal: 1.3,
        prepare: () => stacks.prepare(),
        async round() {
            await stacks.demo.destroy();
            await stacks.empty.destroy();
            const script = await measureYardstick(stacks.imageRoot);
            const empty = await stacks.empty.measureUp();
            const demo = await stacks.demo.measureUp();
            return {
                value: demo / (empty + script),
                seconds: { demo, "empty stack": empty, script },
            };
        },
    };
}

/** A preview of the demo that finds no change, against one of a program that declares nothing. */
export function previewing(stacks: PulumiStacks): Benchmark {
    return {
        key: "b",
        title: "no-change preview of the demo, against one of an empty program",
        unit: "ratio",
        goal: 1.5,
        async prepare() {
            await stacks.prepare();
            await stacks.empty.measurePreview();
            await stacks.demo.measurePreview();
        },
        async round() {
            // After a round of bringing up both stand; the first preview after it is as good as another.
            const empty = await stacks.empty.measurePreview();
            const demo = await stacks.demo.measurePreview();
            return { value: demo / empty, seconds: { demo, "empty program": empty } };
        },
    };
}
