import * as pulumi from "@pulumi/pulumi";

const stacks: Record<string, () => Promise<Record<string, unknown>>> = {
    local: () => import("./local.js"),
};

/** The program of the stack that is selected; `local-…` names further ones of the same program. */
const [program = ""] = pulumi.getStack().split("-");
const load = stacks[program];
if (load === undefined) {
    const names = Object.keys(stacks).join(", ");
    throw new pulumi.RunError(
        `there is no program for a stack "${pulumi.getStack()}"; its name must be, or begin with, one of ${names}`,
    );
}
export = load();
