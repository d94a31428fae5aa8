import { given, type Problem } from "../problem.js";

const SUM = /^[0-9a-f]{64}$/i;
const EXAMPLE = "such as https://mirror.example.com/fleet-v1.0.0-linux-amd64.tar.gz";

/** Problems of an archive that machines fetch. */
export function validateArchive(
    path: string,
    { url, sha256 }: { readonly url: unknown; readonly sha256: unknown },
    unknown: ReadonlySet<string>,
): Problem[] {
    const isUnknown = (value: unknown) => typeof value === "string" && unknown.has(value);
    return [
        ...(isUnknown(url) ? [] : validateUrl(`${path}.url`, url, EXAMPLE)),
        ...(isUnknown(sha256) || (typeof sha256 === "string" && SUM.test(sha256))
            ? []
            : [
                  {
                      path: `${path}.sha256`,
                      given: sha256 === undefined ? "nothing" : given(sha256),
                      allowed: "must be the archive's SHA-256, in 64 hexadecimal digits",
                  },
              ]),
    ];
}

/** Problems of the base URL of a mirror. */
export function validateMirror(path: string, mirror: unknown): Problem[] {
    return mirror === undefined
        ? []
        : validateUrl(path, mirror, "such as https://mirror.example.com/coreos");
}

function validateUrl(path: string, url: unknown, example: string): Problem[] {
    // An "@" anywhere may come after a password: such a text is not shown.
    if (typeof url === "string" && url.includes("@")) {
        return [{ path, allowed: "must not hold a password: it would stand in user-data" }];
    }
    const isUrl =
        typeof url === "string" &&
        /^https?:\/\/[^/\s]+[^\s"'\\$<>]*$/.test(url) &&
        URL.canParse(url);
    return isUrl
        ? []
        : [
              {
                  path,
                  given: url === undefined ? "nothing" : given(url),
                  allowed: `must be an http or https URL without spaces and quotes, ${example}`,
              },
          ];
}
