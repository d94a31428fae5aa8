import {
    ARCHITECTURES,
    type Architecture,
    type Archives,
    RELEASE_SUMS,
    releaseUrl,
    type Software,
} from "../binaries/index.js";
import { given, type Problem } from "../problem.js";
import { type ClusterShape, groupHasEtcd, groupHasFleet, groupsOf, MEMBERS } from "./shape.js";
import { validateArchive, validateMirror } from "./validate-binaries.js";

/** An archive as a program names it. */
export interface ArchiveShape {
    /** Default the archive of the project's own release, from the mirror where there is one. */
    readonly url?: string;
    /** SHA-256 of the archive, in 64 hexadecimal digits. */
    readonly sha256: string;
}

/** One archive for all machines, or one for each processor. */
export type ArchivesShape = ArchiveShape | { readonly [Key in Architecture]?: ArchiveShape };

/** Where machines get etcd and fleet from. */
export interface BinariesShape {
    /** Base URL below which the releases' archives are, by their own names. */
    readonly mirror?: string;
    readonly etcd?: ArchivesShape;
    readonly fleet?: ArchivesShape;
}

/** Where machines get etcd and fleet from: `image` where their image has them. */
export type BinariesChoice = "image" | BinariesShape;

/** What a platform says of its machines. */
export interface BinariesPlatform {
    readonly name: string;
    /** Whether its images have etcd and fleet. */
    readonly hasBinaries: boolean;
    /** Processors by group; default amd64. */
    readonly architectures?: Readonly<Record<string, Architecture>>;
}

/** What each group fetches, and what is wrong with what was asked for. */
export interface BinariesPlan {
    /** Archives by group; none where nothing is fetched. */
    readonly archives: Readonly<Record<string, Archives>>;
    readonly problems: readonly Problem[];
}

/**
 * What the machines of each group fetch.
 *
 * @param unknown texts that stand for what is not known yet, and are not looked at
 */
export function planBinaries(
    shape: ClusterShape,
    asked: BinariesChoice | undefined,
    platform: BinariesPlatform,
    unknown: ReadonlySet<string> = new Set(),
): BinariesPlan {
    const groups = groupsOf(shape).filter(([, settings]) => groupHasEtcd(shape, settings));
    if (asked === "image" || (asked === undefined && platform.hasBinaries) || groups.length === 0) {
        return { archives: {}, problems: [] };
    }
    if (asked !== undefined && (typeof asked !== "object" || asked === null)) {
        const allowed = 'must be "image", or `{ etcd, fleet }` with the archives to fetch';
        return { archives: {}, problems: [{ path: "binaries", given: given(asked), allowed }] };
    }
    const { mirror, ...sources }: BinariesShape = asked ?? {};
    const problems = [...validateMirror("binaries.mirror", mirror)];
    const chosen = groups.map(([group, settings]) => {
        const architecture = platform.architectures?.[group] ?? "amd64";
        const wanted: Software[] = groupHasFleet(shape, settings) ? ["etcd", "fleet"] : ["etcd"];
        return { group, architecture, wanted };
    });
    const archives = new Map<string, Archives>(groups.map(([group]) => [group, {}]));
    for (const software of ["etcd", "fleet"] as const) {
        const users = chosen.filter(({ wanted }) => wanted.includes(software));
        for (const architecture of ARCHITECTURES) {
            const machines = users.filter((one) => one.architecture === architecture);
            const [first] = machines;
            if (first === undefined) {
                continue;
            }
            const others = users.some((one) => one.architecture !== architecture);
            const source = sourceOf(software, architecture, sources[software], others);
            const url = source.archive?.url ?? releaseUrl(software, architecture, mirror);
            const archive = { url, sha256: source.archive?.sha256 };
            const found =
                source.archive === undefined
                    ? [missing(software, architecture, first.group, platform.name, source.path)]
                    : validateArchive(source.path, archive, unknown);
            problems.push(...found);
            if (url !== undefined && archive.sha256 !== undefined && found.length === 0) {
                const { sha256 } = archive;
                for (const { group } of machines) {
                    archives.set(group, { ...archives.get(group), [software]: { url, sha256 } });
                }
            }
        }
    }
    return { archives: Object.fromEntries(archives), problems };
}

/** The archive that was asked for, or the one that is the default, and the path at which it is, or would be, written. */
function sourceOf(
    software: Software,
    architecture: Architecture,
    asked: ArchivesShape | undefined,
    alsoOthers: boolean,
): { path: string; archive: Partial<ArchiveShape> | undefined } {
    const path = `binaries.${software}`;
    if (asked === undefined) {
        const sha256 = RELEASE_SUMS[software]?.[architecture];
        return { path, archive: sha256 === undefined ? undefined : { sha256 } };
    }
    if (isForAll(asked)) {
        // Programs for one processor don't run on another.
        return alsoOthers
            ? { path: `${path}.${architecture}`, archive: undefined }
            : { path, archive: asked };
    }
    return { path: `${path}.${architecture}`, archive: asked[architecture] };
}

function isForAll(asked: ArchivesShape): asked is ArchiveShape {
    return !ARCHITECTURES.some((architecture) => architecture in asked);
}

function missing(
    software: Software,
    architecture: Architecture,
    group: string,
    platform: string,
    path: string,
): Problem {
    const machines = group === MEMBERS ? "the members" : `the group "${group}"`;
    const why =
        software === "fleet"
            ? "no sum was ever published for fleet's release"
            : "programs for one processor don't run on another";
    return {
        path,
        given: "nothing",
        allowed:
            `${machines} on ${platform} (${architecture}) must fetch ${software}, and ${why}; name an archive by ` +
            '`url` and `sha256`, take a FleetBuild for fleet, or say `binaries: "image"` where the image has the programs',
    };
}
