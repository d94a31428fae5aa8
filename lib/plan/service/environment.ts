import type { Problem } from "../../problem.js";
import { environment, type Scalar } from "../../systemd/index.js";

type Variables = Readonly<Record<string, Scalar>>;

/** `Environment=` lines, one a variable; what {@link validateEnvironment} refuses is left out. */
export function environmentLines(variables: Variables): [name: string, line: string][] {
    return Object.entries(variables).flatMap(([name, value]) => {
        const { line } = lineOf(name, value);
        return line === undefined ? [] : [[name, line]];
    });
}

/** Variables that systemd would ignore, at paths below `path`. */
export function validateEnvironment(variables: Variables, path: string): Problem[] {
    return Object.entries(variables).flatMap(([name, value]) => {
        const { problem } = lineOf(name, value);
        return problem === undefined ? [] : [{ path: `${path}.${name}`, allowed: problem }];
    });
}

function lineOf(name: string, value: unknown): { line?: string; problem?: string } {
    if (value === undefined) {
        return {};
    }
    const isScalar =
        typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
    if (!isScalar) {
        return { problem: "must be a text, a finite number, true or false" };
    }
    try {
        const [line = ""] = environment({ [name]: String(value) });
        return { line };
    } catch (cause) {
        const sentence = cause instanceof Error ? cause.message : String(cause);
        return { problem: sentence.replace(/\.$/, "") };
    }
}
