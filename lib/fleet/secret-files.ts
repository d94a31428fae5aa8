import { given, type Problem } from "../problem.js";

/** Where the secrets of all services lie on a machine; root alone can enter it. */
export const SECRETS_DIRECTORY = "/var/lib/pulumi-coreos/secrets";

/** Most bytes of credentials that systemd gives one unit (systemd.exec(5), LoadCredential=). */
export const SECRETS_LIMIT = 1024 * 1024;

/** Where a service's secrets lie on each machine that may run it. */
export function secretsDirectory(service: string): string {
    return `${SECRETS_DIRECTORY}/${service}`;
}

/** Where one secret of a service lies, as in `LoadCredential=password:…`. */
export function secretPath(service: string, name: string): string {
    return `${secretsDirectory(service)}/${name}`;
}

/**
 * What is wrong with the names of a service's secrets, and of the service as the name of their directory. They are
 * file names and names of credentials, of which systemd takes more (systemd.exec(5)); these need no quoting anywhere.
 */
export function validateSecretNames(service: string, names: readonly string[]): Problem[] {
    const problems = names.flatMap((name): Problem[] =>
        /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,254}$/.test(name)
            ? []
            : [
                  {
                      path: `secrets[${given(name)}]`,
                      allowed:
                          "is no name of a secret: 1 to 255 letters, digits, `_`, `-`, `.` and `@`, " +
                          "of which `-`, `.` and `@` are not the first",
                  },
              ],
    );
    return /^[A-Za-z0-9_:@-][A-Za-z0-9_:.@-]{0,254}$/.test(service)
        ? problems
        : [
              ...problems,
              {
                  path: "name",
                  given: given(service),
                  allowed:
                      "names the directory of the service's secrets: 1 to 255 letters, digits, `_`, `-`, " +
                      "`:`, `.` and `@`, the first no `.`",
              },
          ];
}

/** What is wrong with the secrets themselves. No message holds any part of them. */
export function validateSecretValues(files: Readonly<Record<string, unknown>>): Problem[] {
    const entries = Object.entries(files);
    const wrong = entries.flatMap(([name, value]): Problem[] =>
        typeof value === "string"
            ? []
            : [
                  {
                      path: `secrets[${given(name)}]`,
                      given: value === null || value === undefined ? "nothing" : typeof value,
                      allowed: "must be a string",
                  },
              ],
    );
    const bytes = entries.reduce((sum, [, value]) => sum + Buffer.byteLength(String(value)), 0);
    return wrong.length > 0 || bytes <= SECRETS_LIMIT
        ? wrong
        : [
              {
                  path: "secrets",
                  given: `${bytes} bytes`,
                  allowed: `must be ${SECRETS_LIMIT} bytes or less all together, which is what systemd gives one unit`,
              },
          ];
}
