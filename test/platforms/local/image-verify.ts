import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ensureImage } from "../../../lib/platforms/local/image.js";
import { type Outcome, run } from "../../e2e/support/run.js";

/** A file that is put over the machine image. */
export interface ImageFile {
    readonly path: string;
    readonly content: string | Uint8Array;
    readonly mode?: number;
}

/** The layer over the image is in memory, in a mount namespace that ends with the command. */
const script = `set -e
stage=$1 image=$2; shift 2
mount -t tmpfs tmpfs "$stage/layer"
mkdir "$stage/layer/upper" "$stage/layer/work" "$stage/layer/root"
cd "$stage/layer"
mount -t overlay -o "lowerdir=$image,upperdir=upper,workdir=work" overlay root
cp -a "$stage/files/." root/
systemd-id128 new > root/etc/machine-id
mount -t proc proc root/proc
exec chroot root systemd-analyze verify --man=no "$@"
`;

/** Has the systemd of the machine image verify units (systemd-analyze(1)), beside files of a machine. */
export async function verifyUnits(
    files: readonly ImageFile[],
    units: readonly string[],
): Promise<Outcome> {
    const image = await ensureImage(() => {});
    const stage = mkdtempSync(join(tmpdir(), "pulumi-coreos-verify-"));
    try {
        mkdirSync(join(stage, "layer"));
        mkdirSync(join(stage, "files"));
        for (const { path, content, mode } of files) {
            const target = join(stage, "files", path);
            mkdirSync(dirname(target), { recursive: true });
            writeFileSync(target, content);
            chmodSync(target, mode ?? 0o644);
        }
        const command = ["--mount", "sh", "-c", script, "sh", stage, image.root, ...units];
        return await run("unshare", command, { environment: { ...process.env, LC_ALL: "C" } });
    } finally {
        rmSync(stage, { recursive: true, force: true });
    }
}
