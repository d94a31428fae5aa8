import { given, type Problem } from "../problem.js";

/** The public discovery service of the etcd project. Somebody else's: it may be down, or gone. */
export const PUBLIC_DISCOVERY = "https://discovery.etcd.io";

/** Directory in an etcd under which tokens are made where its URL names none. */
const DEFAULT_DIRECTORY = "discovery";

/** More were never seen: each write waits for the majority. */
const MOST_MEMBERS = 99;

/** Where discovery tokens are made. */
export type DiscoveryEndpoint =
    /** A service that answers `GET URL/new?size=N` with the URL of a new token. */
    | { readonly kind: "service"; readonly url: string }
    /** An etcd with the v2 API: a token is a directory below this one. */
    | { readonly kind: "etcd"; readonly url: string };

/**
 * What kind of endpoint stands behind a URL: an etcd where its path has `/v2/keys` in it, else a
 * discovery service. No slash is left at the end; an etcd's URL that names no directory gets
 * `/discovery`.
 */
export function discoveryEndpoint(text: string): DiscoveryEndpoint {
    const url = text.trim().replace(/\/+$/, "");
    if (!/\/v2\/keys(\/|$)/.test(url)) {
        return { kind: "service", url };
    }
    return { kind: "etcd", url: url.endsWith("/v2/keys") ? `${url}/${DEFAULT_DIRECTORY}` : url };
}

/** Problems of a URL at which tokens are made. */
export function validateDiscoveryEndpoint(path: string, text: string): Problem[] {
    const example = `must be a discovery service such as ${PUBLIC_DISCOVERY}, or an etcd's keys such as http://10.0.0.2:2379/v2/keys/discovery`;
    return validateUrl(path, text, example);
}

/** Problems of a token's URL, as etcd's `--discovery` takes it. */
export function validateDiscoveryUrl(path: string, text: string): Problem[] {
    const example = `must be a token's URL such as ${PUBLIC_DISCOVERY}/0123456789abcdef0123456789abcdef`;
    const problems = validateUrl(path, text, example);
    return problems.length === 0 && new URL(text).pathname === "/"
        ? [{ path, given: given(text), allowed: example }]
        : problems;
}

function validateUrl(path: string, text: string, example: string): Problem[] {
    const problem = (allowed: string): Problem[] => [{ path, given: given(text), allowed }];
    if (typeof text !== "string") {
        return problem(example);
    }
    // An "@" anywhere may come after a password: such a text is not shown.
    if (text.includes("@")) {
        return [{ path, allowed: "must not hold a password: it would stand in user-data" }];
    }
    if (!URL.canParse(text) || !/^https?:\/\/[^/]/.test(text)) {
        return problem(example);
    }
    // It becomes an argument in a unit and a prefix of other URLs.
    return /^[A-Za-z0-9:/._~[\]-]+$/.test(text)
        ? []
        : problem(`${example}, without a query, and of letters, digits and :/._~- alone`);
}

/** Problems of the number of members that a token is made for. */
export function validateTokenSize(path: string, size: number): Problem[] {
    return Number.isInteger(size) && size >= 1 && size <= MOST_MEMBERS
        ? []
        : [
              {
                  path,
                  given: given(size),
                  allowed: `must be the number of etcd members that the cluster begins with, a whole number from 1 to ${MOST_MEMBERS}`,
              },
          ];
}
