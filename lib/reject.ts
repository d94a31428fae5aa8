import * as pulumi from "@pulumi/pulumi";
import {
    errorsOf,
    formatProblem,
    InvalidArgumentsError,
    type Problem,
    warningsOf,
} from "./problem.js";

/**
 * Shows the warnings, and throws once if any of the problems is an error. Pulumi prints a `RunError`
 * without its stack.
 */
export function rejectArguments(
    subject: string,
    problems: readonly Problem[],
    resource?: pulumi.Resource,
): void {
    for (const warning of warningsOf(problems)) {
        void pulumi.log.warn(`${subject}: ${formatProblem(warning)}`, resource);
    }
    if (errorsOf(problems).length > 0) {
        throw new pulumi.RunError(new InvalidArgumentsError(subject, problems).message);
    }
}
