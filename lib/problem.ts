/**
 * One thing that is wrong with what a user wrote: where, what was given, what is allowed.
 */
export interface Problem {
    /** Path to the offending value, as the user wrote it: `members.count`, `unit.Service.ExecStart`. */
    readonly path: string;
    /** What stands there, ready to be printed. Absent where nothing stands there. */
    readonly given?: string;
    /** One clause that says what is allowed, or what to do instead. */
    readonly allowed: string;
    /** An `error` stops everything before anything is made; a `warning` is shown. Default `error`. */
    readonly severity?: "error" | "warning";
}

/** Text of one problem: `path: given "x"; allowed…`. */
export function formatProblem(problem: Problem): string {
    const given = problem.given === undefined ? "" : `got ${problem.given}; `;
    return `${problem.path}: ${given}${problem.allowed}`;
}

/** Prints any given value for a {@link Problem}: strings quoted, long ones cut at 80 characters. */
export function given(value: unknown): string {
    const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing");
    return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** The same problems, their paths under `prefix`. */
export function under(prefix: string, problems: readonly Problem[]): Problem[] {
    return problems.map((problem) => ({
        ...problem,
        path: problem.path.startsWith("[") ? prefix + problem.path : `${prefix}.${problem.path}`,
    }));
}

/** Those of the problems that are errors. */
export function errorsOf(problems: readonly Problem[]): Problem[] {
    return problems.filter((problem) => problem.severity !== "warning");
}

/** Those of the problems that are warnings. */
export function warningsOf(problems: readonly Problem[]): Problem[] {
    return problems.filter((problem) => problem.severity === "warning");
}

/** Thrown once for a construct, with every problem of it. */
export class InvalidArgumentsError extends Error {
    constructor(
        /** What is invalid: `Cluster "demo"`. */
        readonly subject: string,
        /** Every problem found, at least one of them an error. */
        readonly problems: readonly Problem[],
    ) {
        super(
            `${subject} can't be made:\n${errorsOf(problems)
                .map((problem) => `  - ${formatProblem(problem)}`)
                .join("\n")}`,
        );
        this.name = "InvalidArgumentsError";
    }
}

/** Throws an {@link InvalidArgumentsError} if any of the problems is an error. */
export function rejectErrors(subject: string, problems: readonly Problem[]): void {
    if (errorsOf(problems).length > 0) {
        throw new InvalidArgumentsError(subject, problems);
    }
}
