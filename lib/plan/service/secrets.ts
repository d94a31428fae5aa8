import { secretPath } from "../../fleet/index.js";
import { type Draft, withLines } from "./assignments.js";

/**
 * The unit with each secret as a credential: the program reads `$CREDENTIALS_DIRECTORY/NAME`. Where the file is
 * missing, the start fails with 243/CREDENTIALS, and the unit's restart rule tries again (systemd.exec(5)).
 */
export function withSecrets(draft: Draft, service: string, secrets: readonly string[]): Draft {
    return secrets.reduce(
        (lines, secret) =>
            withLines(
                lines,
                "Service",
                "LoadCredential",
                [`${secret}:${secretPath(service, secret)}`],
                `secrets.${secret}`,
            ),
        draft,
    );
}
