import assert from "node:assert/strict";
import { test } from "node:test";
import { architectureOf } from "../../../lib/platforms/aws/architecture.js";

const arm = ["a1.medium", "t4g.small", "c7gn.large", "im4gn.large", "is4gen.large", "g5g.xlarge"];
const x86 = ["t3.small", "m7i-flex.large", "g4dn.xlarge", "g6.xlarge", "gr6.4xlarge", "c7a.large"];

test("the processor is in the name of the instance type", () => {
    for (const type of [...arm, "x2gd.medium", "hpc7g.4xlarge", "p6e-gb200.36xlarge"]) {
        assert.equal(architectureOf(type), "arm64", type);
    }
    for (const type of [...x86, "u-6tb1.112xlarge", "r8a.large"]) {
        assert.equal(architectureOf(type), "x86_64", type);
    }
});
