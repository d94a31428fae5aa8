import type { Problem } from "../problem.js";
import type { UserDataContext } from "./context.js";
import { escapedVariable, scalarStyle } from "./scalar-style.js";
import type { TextAt } from "./texts.js";
import { mentionsVariable, type Variable, variables } from "./variables.js";

/** Variables that the agent would replace by nothing, and escapes that it would not see. */
export function checkVariables(texts: readonly TextAt[], context: UserDataContext): Problem[] {
    const known: Record<Variable, boolean> = {
        public_ipv4: context.publicIpv4,
        private_ipv4: context.privateIpv4,
        public_ipv6: context.publicIpv6 ?? false,
        private_ipv6: context.privateIpv6 ?? false,
    };
    return texts.flatMap(({ path, text }) => [
        ...variables
            .filter((variable) => !known[variable] && mentionsVariable(text, variable))
            .map((variable) => ({ path, given: `$${variable}`, allowed: without(variable) })),
        ...(escapedVariable.test(text) && scalarStyle(text) === "QUOTE_DOUBLE"
            ? [{ path, allowed: unescapable }]
            : []),
    ]);
}

function without(variable: Variable): string {
    const [scope = "", family = ""] = variable.split("_");
    const address = `${scope} ${family.replace("ipv", "IPv")} address`;
    return `the machine has no ${address}, and the agent would put nothing there; escape it as \\$${variable} if the text is meant`;
}

const unescapable =
    "an escaped variable (\\$…) can't stand in a text with control characters, or one that begins with a tab or ends in a line of blanks; leave those out, or give the file as base64";
