/** Where the programs are put, and where an image has them. */
export const PROGRAM_FOLDER = "/opt/bin";

/** Path of {@link FETCH_SCRIPT} on a machine. */
export const FETCH_SCRIPT_PATH = "/opt/pulumi-coreos/fetch-binaries";

/** Begins each line of the journal in which {@link FETCH_SCRIPT} says why it gave up. */
export const FETCH_MARK = "fetch-binaries:";

/** Exit status of {@link FETCH_SCRIPT} where another attempt would find the same: a wrong sum, a wrong archive. */
export const WRONG_ARCHIVE = 65;

/**
 * `fetch-binaries URL SHA256 PROGRAM…` puts the programs that are not there into place. Until the sum of the archive is
 * right, nothing of it is unpacked; whatever happens, only whole programs are in place, and nothing else is left.
 */
export const FETCH_SCRIPT = `#!/bin/bash
set -euo pipefail
umask 077
bin=\${BIN:-${PROGRAM_FOLDER}} url=$1 expected=$2
shift 2
give_up() {
    echo "${FETCH_MARK} $url: $2" >&2
    exit "$1"
}
missing=()
for program in "$@"; do [ -x "$bin/$program" ] || missing+=("$program"); done
[ "\${#missing[@]}" -gt 0 ] || exit 0
mkdir --parents --mode=0755 "$bin"
work=$bin/.fetch
rm -rf "$work"
trap 'rm -rf "$work"' EXIT
mkdir "$work" "$work/unpacked"
curl --fail --location --silent --show-error --connect-timeout 10 --speed-limit 1000 --speed-time 30 \\
    --output "$work/archive" -- "$url" 2> "$work/error" ||
    give_up 1 "it can't be fetched: $(tail --lines=1 "$work/error")"
read -r actual _ < <(sha256sum < "$work/archive")
[ "$actual" = "$expected" ] ||
    give_up ${WRONG_ARCHIVE} "its sha256 is $actual, and must be $expected; nothing of it is used"
tar --extract --no-same-owner --file "$work/archive" --directory "$work/unpacked" 2> "$work/error" ||
    give_up ${WRONG_ARCHIVE} "it is no tar archive: $(tail --lines=1 "$work/error")"
for program in "\${missing[@]}"; do
    found=$(find "$work/unpacked" -type f -name "$program" -print -quit)
    [ -n "$found" ] || give_up ${WRONG_ARCHIVE} "there is no $program in it"
    mv "$found" "$work/$program"
    chmod 0755 "$work/$program"
    sync "$work/$program"
done
for program in "\${missing[@]}"; do mv "$work/$program" "$bin/$program"; done
`;
