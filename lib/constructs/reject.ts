import * as pulumi from "@pulumi/pulumi";
import {
    errorsOf,
    formatProblem,
    InvalidArgumentsError,
    type Problem,
    warningsOf,
} from "../problem.js";

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
        throw cleanError(new InvalidArgumentsError(subject, problems).message);
    }
}

/**
 * An error that is printed as its message alone. Where it rejects an output, the SDK would put `error
 * serializing property "…"` in front, once for each resource that waits for it, and print the stack
 * of one that comes after the end of the program.
 */
function cleanError(message: string): pulumi.RunError {
    const error = new pulumi.RunError(message);
    Object.defineProperty(error, "message", { get: () => message, set: () => undefined });
    error.stack = "";
    return error;
}
