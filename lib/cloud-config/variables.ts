/** What the agent puts in place of `$NAME`, by the machine's own addresses. */
export const variables = ["public_ipv4", "private_ipv4", "public_ipv6", "private_ipv6"] as const;

/** A variable of the agent, without its `$`. */
export type Variable = (typeof variables)[number];

/**
 * Whether the agent would put an address for `$variable` into this text. A backslash before the `$`
 * keeps it from that. No word boundary is needed behind: `$private_ipv4foo` mentions it too.
 * `${private_ipv4}` does not. Source: coreos-cloudinit 1.14.0 `initialize/env.go`.
 */
export function mentionsVariable(text: string, variable: Variable): boolean {
    return new RegExp(`(?:[^\\\\]|^)\\$${variable}`).test(text);
}

/**
 * The text as the agent hands it to a machine: each variable replaced by the machine's address, by nothing where
 * it has none, and the backslash gone that kept one from that. Source: coreos-cloudinit 1.14.0 `initialize/env.go`.
 */
export function applyVariables(
    text: string,
    addresses: Readonly<Partial<Record<Variable, string>>>,
): string {
    return variables.reduce(
        (done, variable) =>
            done
                .replace(
                    new RegExp(`([^\\\\]|^)\\$${variable}`, "g"),
                    (_, before: string) => before + (addresses[variable] ?? ""),
                )
                .replaceAll(`\\$${variable}`, `$${variable}`),
        text,
    );
}
