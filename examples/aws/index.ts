import * as pulumi from "@pulumi/pulumi";

// Two stacks of one project: the machines, and what runs on them. Each may as well be a project of its own.
const programs: Record<string, () => unknown> = {
    cluster: () => require("./cluster"),
    app: () => require("./app"),
};

const program = programs[pulumi.getStack()];
if (program === undefined) {
    throw new pulumi.RunError(
        `the stacks of this project are ${Object.keys(programs).join(" and ")}`,
    );
}
export = program();
