import type { Architecture, Software } from "./archive.js";

/**
 * The release of etcd that machines fetch where nothing else is asked for: the last of 3.5 whose sums were published
 * when this version of the library was made.
 */
export const ETCD_RELEASE = "3.5.33";
/** The last release of fleet. */
export const FLEET_RELEASE = "1.0.0";

/** Source: `SHA256SUMS` of the release, as kubespray has it in `checksums.yml`. For fleet none was ever published. */
export const RELEASE_SUMS: Readonly<Partial<Record<Software, Record<Architecture, string>>>> = {
    etcd: {
        amd64: "5025b5b24d81a9616b6e284ccd439b9a3df055ef8fdcdc142af3ec8f6a3b3c95",
        arm64: "0764c5c0acef155f4bfa0487791cc5776adef66315bf16ec0653883bfd463a90",
    },
};

const FOLDERS: Readonly<Record<Software, string>> = {
    etcd: `https://github.com/etcd-io/etcd/releases/download/v${ETCD_RELEASE}`,
    fleet: `https://github.com/coreos/fleet/releases/download/v${FLEET_RELEASE}`,
};

/** Name of a release's archive, which it has on a mirror too: `etcd-v3.5.33-linux-amd64.tar.gz`. */
export function releaseFile(software: Software, architecture: Architecture): string {
    const version = software === "etcd" ? ETCD_RELEASE : FLEET_RELEASE;
    return `${software}-v${version}-linux-${architecture}.tar.gz`;
}

/** URL of a release's archive: on a mirror where there is one; `undefined` where the project has none. */
export function releaseUrl(
    software: Software,
    architecture: Architecture,
    mirror: string | undefined,
): string | undefined {
    const file = releaseFile(software, architecture);
    if (mirror !== undefined) {
        return `${mirror.replace(/\/+$/, "")}/${file}`;
    }
    return software === "fleet" && architecture !== "amd64"
        ? undefined
        : `${FOLDERS[software]}/${file}`;
}
