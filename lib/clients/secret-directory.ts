import { createHash } from "node:crypto";
import { quoteShell } from "./journal.js";
import type { CommandResult, SshSession } from "./ssh.js";
import { GiveUpError } from "./wait.js";

/** File beside the secrets that says whose they are. */
const OWNER_FILE = ".owner";
/** Exit status of the scripts where another one's files are in the way. */
const FOREIGN = 20;
/** ssh's exit status for a connection that broke. */
const CONNECTION_LOST = 255;

/** A file as it is on a machine: its mode and owner, and the SHA-256 of its content. */
export interface StoredSecret {
    readonly name: string;
    readonly mode: string;
    readonly sha256: string;
}

/** A directory of secrets as it is on a machine. */
export interface StoredSecrets {
    readonly owner: string;
    readonly mode: string;
    readonly files: readonly StoredSecret[];
}

const PREPARE = `
umask 077
directory=$1 owner=$2 before=$3
[ -d "\${directory%/*/*}" ] || install -d -m 0755 "\${directory%/*/*}"
install -d -m 0700 -o root -g root "\${directory%/*}" "$directory"
cd "$directory"
found=$(cat ${OWNER_FILE} 2>/dev/null || true)
case $found in "" | "$owner" | "$before") ;; *) printf '%s' "$found" >&2; exit ${FOREIGN} ;; esac
trap 'rm -f .new' EXIT
printf '%s\\n' "$owner" > .new
mv -f .new ${OWNER_FILE}`;

/** The first line of the input says how long the rest must be: a connection that breaks ends it early. */
const WRITE = `
umask 077
cd "$1"
trap 'rm -f .new' EXIT
read -r length
rm -f .new
cat > .new
[ "$(wc -c < .new)" -eq "$length" ] || exit ${CONNECTION_LOST}
sync .new
mv -f .new "$2"`;

const KEEP_ONLY = `
cd "$1"
shift
for name; do set -- "$@" ! -name "$name"; shift; done
find . -mindepth 1 "$@" -delete`;

const REMOVE = `
[ -d "$1" ] || exit 0
found=$(cat "$1/${OWNER_FILE}" 2>/dev/null || true)
case $found in "" | "$2") rm -rf -- "$1" ;; esac`;

const LOOK = `
cd "$1" 2>/dev/null || exit 0
printf 'owner %s\\n' "$(cat ${OWNER_FILE} 2>/dev/null || true)"
stat --format='mode %a:%u:%g' .
for name in *; do
    [ -f "$name" ] || continue
    sum=$(sha256sum < "$name")
    stat --format="file $name %a:%u:%g \${sum%% *}" -- "$name"
done`;

/**
 * Writes files that root alone can read into a directory of their own: each is there whole or not at all, and what
 * is not among them is removed. The content travels on standard input, so no process list and no journal shows it.
 *
 * @param owner who may write there from now on; @param before who might have been so until now
 * @throws GiveUpError where the machine refuses, or another owner's files are there; Error where the connection broke
 */
export async function writeSecrets(
    session: SshSession,
    directory: string,
    files: Readonly<Record<string, string>>,
    owner: string,
    before: string = owner,
): Promise<void> {
    await succeed(session, directory, PREPARE, [directory, owner, before]);
    for (const [name, content] of Object.entries(files)) {
        const bytes = Buffer.from(content);
        const input = Buffer.concat([Buffer.from(`${bytes.length}\n`), bytes]);
        await succeed(session, `${directory}/${name}`, WRITE, [directory, name], input);
    }
    const kept = [OWNER_FILE, ...Object.keys(files)];
    await succeed(session, directory, KEEP_ONLY, [directory, ...kept]);
}

/** Removes the directory, unless it is another owner's. One that is not there is fine. */
export async function removeSecrets(
    session: SshSession,
    directory: string,
    owner: string,
): Promise<void> {
    await succeed(session, directory, REMOVE, [directory, owner]);
}

/** What is there now; `undefined` where there is nothing. */
export async function readSecrets(
    session: SshSession,
    directory: string,
): Promise<StoredSecrets | undefined> {
    const { stdout } = await succeed(session, directory, LOOK, [directory]);
    const lines = stdout.split("\n").map((line) => line.split(" "));
    const owner = lines.find(([kind]) => kind === "owner");
    if (owner === undefined) {
        return undefined;
    }
    const files = lines
        .filter(([kind]) => kind === "file")
        .map(([, name = "", mode = "", sha256 = ""]) => ({ name, mode, sha256 }));
    const mode = lines.find(([kind]) => kind === "mode")?.[1] ?? "";
    return { owner: owner.slice(1).join(" "), mode, files };
}

/** Whether what is on a machine is what {@link writeSecrets} writes. */
export function areAsWritten(
    stored: StoredSecrets | undefined,
    files: Readonly<Record<string, string>>,
    owner: string,
): boolean {
    return (
        stored !== undefined &&
        stored.owner === owner &&
        stored.mode === "700:0:0" &&
        stored.files.length === Object.keys(files).length &&
        stored.files.every(({ name, mode, sha256 }) => {
            const content = files[name];
            return content !== undefined && mode === "600:0:0" && sha256 === sha256Of(content);
        })
    );
}

function sha256Of(content: string): string {
    return createHash("sha256").update(content).digest("hex");
}

/** Runs a script as root. What it says of a failure are names of files and reasons, never content. */
async function succeed(
    session: SshSession,
    path: string,
    script: string,
    args: readonly string[],
    input?: Buffer,
): Promise<CommandResult> {
    const words = ["-eu", "-c", script, "sh", ...args].map(quoteShell);
    const result = await session.exec(`sudo -n sh ${words.join(" ")}`, input);
    if (result.code === FOREIGN) {
        throw new GiveUpError(
            `${path} holds the secrets of ${result.stderr.trim()}, which this stack did not make; ` +
                "choose another name for the service, or remove them there",
        );
    }
    if (result.code === CONNECTION_LOST) {
        throw new Error(`${session.host.name}: the connection broke`);
    }
    if (result.code !== 0) {
        const [reason] = result.stderr.trim().split("\n").reverse();
        throw new GiveUpError(`${path}: ${reason || `exit status ${result.code}`}`);
    }
    return result;
}
