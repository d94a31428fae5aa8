import * as pulumi from "@pulumi/pulumi";

/** Programs by the beginning of the stack's name; only the one that is asked for is loaded. */
const programs: Record<string, () => Record<string, unknown>> = {
    aws: () => require("./aws"),
    digitalocean: () => require("./digitalocean"),
    local: () => require("./local"),
};

const stack = pulumi.getStack();
const program = programs[stack.split("-")[0] ?? ""];
if (program === undefined) {
    const names = Object.keys(programs).join(", ");
    throw new pulumi.RunError(
        `there is no program for stack "${stack}"; its name must be, or begin with, one of ${names} (local, local-two, …)`,
    );
}
export = program();
