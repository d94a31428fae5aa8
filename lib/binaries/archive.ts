/** A processor, as Go and the projects' releases call it. */
export type Architecture = "amd64" | "arm64";

/** Every {@link Architecture}. */
export const ARCHITECTURES: readonly Architecture[] = ["amd64", "arm64"];

/** What machines fetch archives of. */
export type Software = "etcd" | "fleet";

/** The programs that an archive must hold, in whichever of its folders. */
export const PROGRAMS: Readonly<Record<Software, readonly string[]>> = {
    etcd: ["etcd", "etcdctl"],
    fleet: ["fleetd", "fleetctl"],
};

/** An archive that a machine fetches, and the sum without which nothing of it is used. */
export interface Archive {
    /** URL of a tar archive, gzipped or not. */
    readonly url: string;
    /** SHA-256 of the archive, in 64 hexadecimal digits. */
    readonly sha256: string;
}

/** The archives of a group's machines; what is not in it must be in the image. */
export type Archives = Readonly<Partial<Record<Software, Archive>>>;
