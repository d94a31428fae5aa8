import { given, type Problem } from "../problem.js";

const PARTS = ["machines", "disks", "connection"] as const;

/**
 * What keeps the output of another stack from being a cluster's reference.
 *
 * @param name the name that the cluster is to have
 * @param value of the output; its content is another program's word
 */
export function referenceProblems(name: string, value: unknown): Problem[] {
    if (value === undefined || value === null) {
        const allowed =
            "holds nothing: let the cluster's program export `cluster.reference`, and bring its stack up first";
        return [{ path: "reference", given: "no value", allowed }];
    }
    const parts = new Map<string, unknown>(Object.entries(Object(value)));
    const missing = [
        ...PARTS.filter((part) => typeof parts.get(part) !== "object"),
        ...(Array.isArray(parts.get("machines")) ? [] : ["machines"]),
        ...(typeof parts.get("name") === "string" ? [] : ["name"]),
    ];
    if (missing.length > 0) {
        // Nothing of it is shown: it may hold a secret.
        const allowed =
            "must be the output that the cluster's program exports of `cluster.reference`";
        const what = Array.isArray(value) ? "a list" : typeof value;
        return [{ path: "reference", given: `something else (${what})`, allowed }];
    }
    const other = String(parts.get("name"));
    const allowed = `must be "${other}", the name of the cluster that is referred to`;
    return other === name ? [] : [{ path: "name", given: given(name), allowed }];
}
