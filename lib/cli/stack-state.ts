import { readFileSync } from "node:fs";
import { stateFile, type Workspace } from "./workspace.js";

/** What the commands look at in a stack's state. */
export interface StackState {
    /** Types of its resources. */
    readonly types: readonly string[];
    /** Types of the resources that an update was at work on when it was killed. */
    readonly pending: readonly string[];
}

/** The state of a stack in the embedded backend; `undefined` where there is none, or the backend is the user's own. */
export function readStackState(workspace: Workspace, stack: string): StackState | undefined {
    const backend = workspace.embeddedBackend;
    if (backend === undefined) {
        return undefined;
    }
    let text: string;
    try {
        text = readFileSync(stateFile(backend, workspace.project.name, stack), "utf8");
    } catch {
        return undefined;
    }
    return parseStackState(JSON.parse(text));
}

/** Sorts out a state file of a `file://` backend: `checkpoint.latest`. */
export function parseStackState(content: unknown): StackState {
    const latest = at(content, "checkpoint", "latest");
    return {
        types: list(at(latest, "resources")).map((resource) => String(at(resource, "type"))),
        pending: list(at(latest, "pending_operations")).map((operation) =>
            String(at(operation, "resource", "type")),
        ),
    };
}

function list(value: unknown): unknown[] {
    return Array.isArray(value) ? value : [];
}

function at(value: unknown, ...path: string[]): unknown {
    return path.reduce<unknown>(
        (inner, key) =>
            typeof inner === "object" && inner !== null
                ? Object.entries(inner).find(([name]) => name === key)?.[1]
                : undefined,
        value,
    );
}
