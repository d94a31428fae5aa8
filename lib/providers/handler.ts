import type { Problem } from "../problem.js";

/** What a handler is told about the operation that it carries out. */
export interface OperationContext {
    /** Says what is being waited for, in Pulumi's own display under the resource's own name. Replaces the line before. */
    progress(message: string): void;
    /** A line that stays in the deployment's output, under the resource's own name. */
    info(message: string): void;
    /** A warning that stays in the deployment's output, under the resource's own name. */
    warn(message: string): void;
    /** When the operation must have ended, in milliseconds since the epoch. */
    readonly deadline: number;
}

/** The answer to "would these inputs change that resource?" */
export interface Difference {
    readonly changes: boolean;
    /** Input names whose change needs a new resource. */
    readonly replaces?: readonly string[];
    readonly deleteBeforeReplace?: boolean;
    /** What is to be said at each preview and update, whether anything changes or not. */
    readonly warnings?: readonly string[];
}

/** What stands of a resource: its id and the whole of its state (inputs included). */
export interface Existing<State> {
    readonly id: string;
    readonly state: State;
}

/**
 * The work behind one resource type. State must contain every input, since `delete` and `read` are handed nothing else.
 * Preview, `check` and `diff` open no connection.
 */
export interface ResourceHandler<Inputs extends object, State extends Inputs> {
    /**
     * Problems of inputs that the construct could not see. Unknown values are `undefined` in a preview.
     *
     * @param state what stands already, if anything does
     */
    check?(inputs: Inputs, state: State | undefined): Problem[] | Promise<Problem[]>;
    diff(id: string, state: State, inputs: Inputs): Difference;
    create(inputs: Inputs, context: OperationContext): Promise<Existing<State>>;
    /** What stands now; `undefined` when the resource is gone. */
    read(id: string, state: State, context: OperationContext): Promise<Existing<State> | undefined>;
    update(id: string, state: State, inputs: Inputs, context: OperationContext): Promise<State>;
    delete(id: string, state: State, context: OperationContext): Promise<void>;
}

/**
 * Thrown by `create` or `update` when part of the resource exists. Pulumi keeps the state, marked as
 * failed in its initialisation, and the next `up` calls `update` (or `create`'s repair path) with it.
 */
export class PartialFailureError<State extends object> extends Error {
    constructor(
        message: string,
        readonly existing: Existing<State>,
    ) {
        super(message);
        this.name = "PartialFailureError";
    }
}

/** The message of whatever was thrown. */
export function messageOf(cause: unknown): string {
    return cause instanceof Error ? cause.message : String(cause);
}
